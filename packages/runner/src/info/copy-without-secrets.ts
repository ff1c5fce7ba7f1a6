import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { redact } from '@chaos/spec';

/** A larger file is not read into memory. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Copies a file for the report. Secrets in text of at most 8 MiB are masked; other files are copied unchanged. */
export async function copyWithoutSecrets(from: string, to: string): Promise<void> {
  const { size } = await stat(from);
  const bytes = size > MOST_BYTES ? undefined : await readFile(from);
  if (bytes === undefined || bytes.includes(0)) return copyFile(from, to);
  // latin1 keeps every byte, whatever the encoding.
  await writeFile(to, redact(bytes.toString('latin1')), { encoding: 'latin1', mode: 0o600 });
}
