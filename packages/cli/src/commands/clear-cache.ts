import { ExitCode } from '@chaos/spec';
import type { CliContext } from '../context.js';

/** `chaos clear-cache`. Exit code 3 when the cache cannot be removed. */
export async function clearCache(flags: { readonly json?: boolean }, { stdout }: CliContext): Promise<ExitCode> {
  const { clearCache: clear } = await import('@chaos/runner/clear-cache');
  const cleared = clear();
  const { folder, files, bytes } = cleared;
  if (flags.json === true) stdout.write(`${JSON.stringify(cleared, undefined, 2)}\n`);
  else if (files === 0) stdout.write(`Nothing to remove: no code is cached in ${folder}\n`);
  else
    stdout.write(
      `Removed ${files} ${files === 1 ? 'file' : 'files'} of transformed code, ${Math.ceil(bytes / 1024)} KiB, from ${folder}\n`,
    );
  return ExitCode.passed;
}
