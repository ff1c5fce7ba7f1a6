import { close, open, read, unlink, write } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Temporary files. */
export interface Spool {
  /** Lends an empty file to `work`; removes it afterwards in every case. */
  use<T>(work: (file: SpoolFile) => Promise<T>): Promise<T>;
}

/** A file that no other process can see. */
export interface SpoolFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Everything written so far. */
  content(): Promise<Buffer>;
}

const fs = {
  close: promisify(close),
  open: promisify(open),
  read: promisify(read),
  unlink: promisify(unlink),
  write: promisify(write),
};

/** Files without a name in the folder for temporary files: not even a crash leaves one behind. */
export const spool: Spool = {
  async use(work) {
    const descriptor = await openNameless();
    try {
      return await work(spoolFile(descriptor));
    } finally {
      await fs.close(descriptor);
    }
  },
};

/** Opens a file without a name; the caller closes the descriptor. */
export async function openNameless(): Promise<number> {
  const path = join(tmpdir(), `sample-service-${randomUUID()}`);
  const descriptor = await fs.open(path, 'wx+', 0o600);
  await fs.unlink(path);
  return descriptor;
}

/** Closes a descriptor of {@link openNameless}. */
export async function closeNameless(descriptor: number): Promise<void> {
  await fs.close(descriptor);
}

/** The file behind a descriptor. */
export function spoolFile(descriptor: number): SpoolFile {
  let size = 0;
  return {
    async write(bytes) {
      for (let offset = 0; offset < bytes.length;) {
        const { bytesWritten } = await fs.write(descriptor, bytes, offset, bytes.length - offset, size);
        offset += bytesWritten;
        size += bytesWritten;
      }
    },
    async content() {
      const bytes = Buffer.alloc(size);
      let offset = 0;
      while (offset < size) {
        const { bytesRead } = await fs.read(descriptor, bytes, offset, size - offset, offset);
        if (bytesRead === 0) break;
        offset += bytesRead;
      }
      return bytes.subarray(0, offset);
    },
  };
}
