import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { ChildProcessByStdio } from 'node:child_process';
import { activeFault, CapabilityMissing, checkRange, type ActiveFault, type Fault } from '@chaos/spec';

/** Options of {@link smallDisk}. */
export interface SmallDiskOptions {
  /** Its size, bytes. At least 64 KiB, at most 1 GiB. */
  readonly bytes: number;
  /** The user whose processes reach it. Default: this one; only root can make one for another. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
}

/** A file system of its own size, which can be filled to the last byte. */
export interface SmallDisk extends AsyncDisposable {
  /** Its folder, for every process of its user, and for root. */
  readonly path: string;
  /** Fills it: whoever writes gets ENOSPC. Healing makes room again. */
  full(): Fault;
}

const FILLER = '.chaos-filler';
const HINT = 'It needs user namespaces (sysctl kernel.unprivileged_userns_clone=1) or root, and tmpfs.';

/**
 * Makes a small tmpfs without root: in the mount namespace of a process of our own, which others reach through `/proc`.
 * It vanishes with that process, when it is disposed of and when the process that made it dies in any way, so there is
 * no undo recipe.
 * @throws `CapabilityMissing` where the kernel gives no such namespace.
 * @throws `RangeError` for a size out of range.
 */
export async function smallDisk({ bytes, account }: SmallDiskOptions, signal: AbortSignal): Promise<SmallDisk> {
  checkRange('bytes', bytes, { least: 1 << 16, most: 2 ** 30, whole: true });
  signal.throwIfAborted();
  const namespaces = process.geteuid?.() === 0 ? ['-m'] : ['-U', '-r', '-m'];
  // It lives until its standard input closes.
  const keep = 'echo $$ && read end';
  // The kernel shows the namespace of a process only to those who may trace it: to its own user.
  const kept =
    account === undefined
      ? keep
      : `exec setpriv --reuid=${account.uid} --regid=${account.gid} --clear-groups sh -c '${keep}'`;
  const script = `mount -t tmpfs -o size=${bytes},mode=1777 chaos-disk /mnt && ${kept}`;
  const keeper = spawn('unshare', [...namespaces, 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'pipe'], cwd: '/' });
  const stop = async (): Promise<void> => {
    if (keeper.pid === undefined || keeper.exitCode !== null || keeper.signalCode !== null) return;
    const gone = once(keeper, 'exit');
    keeper.stdin.end();
    await gone;
  };
  try {
    const path = `/proc/${await keeperPid(keeper, signal)}/root/mnt`;
    return { path, full: () => full(path, bytes), [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Keeper = ChildProcessByStdio<Writable, Readable, Readable>;

async function keeperPid(keeper: Keeper, signal: AbortSignal): Promise<number> {
  let [printed, complaint] = ['', ''];
  keeper.stdout.on('data', (chunk) => (printed += String(chunk)));
  keeper.stderr.on('data', (chunk) => (complaint += String(chunk)));
  const ended = Promise.race([once(keeper, 'close'), once(keeper, 'error')]).then(([cause]) => {
    const reason = cause instanceof Error ? cause.message : complaint.trim();
    throw new CapabilityMissing('user-namespaces', `no small disk can be made (${reason})`, { hint: HINT });
  });
  ended.catch(() => {});
  await Promise.race([once(keeper.stdout, 'data', { signal }), ended]);
  return Number(printed);
}

function full(path: string, bytes: number): Fault {
  const filler = join(path, FILLER);
  return {
    name: `disk of ${Math.round(bytes / 1024)} KiB full`,
    async inject(signal): Promise<ActiveFault> {
      signal.throwIfAborted();
      await writeFile(filler, '');
      const file = await open(filler, 'r+');
      const page = Buffer.alloc(1 << 16, 1);
      try {
        for (let size = page.length; size >= 1;) {
          const written = await file.write(page, 0, size).catch((error: NodeJS.ErrnoException) => {
            if (error.code !== 'ENOSPC') throw error;
            return undefined;
          });
          if (written === undefined) size = Math.floor(size / 2);
        }
      } finally {
        await file.close();
      }
      return activeFault(() => rm(filler, { force: true }));
    },
  };
}
