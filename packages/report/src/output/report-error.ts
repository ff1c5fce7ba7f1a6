import { ChaosError } from '@chaos/spec';

const REASONS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOSPC: ['no space is left on the device', 'Free some space, or choose another place for the report.'],
  EDQUOT: ['the disk quota is exceeded', 'Free some space, or choose another place for the report.'],
  EROFS: ['the file system is read-only', 'Choose another place for the report.'],
  EACCES: ['permission is denied', 'Make the folder writable, or choose another place for the report.'],
  EPERM: ['it is not permitted', 'Make the folder writable, or choose another place for the report.'],
  ENOTDIR: ['a folder of its path is a file', 'Choose another place for the report.'],
  EEXIST: ['a folder of its path is a file', 'Choose another place for the report.'],
  EISDIR: ['it is a folder', 'Name a file.'],
};

/** Error for a report that could not be written: code `REPORT`. */
export function reportError(what: string, place: string, cause: unknown): ChaosError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  const [reason, hint] = REASONS[code] ?? [cause instanceof Error ? cause.message : String(cause), undefined];
  const error = new ChaosError(
    'REPORT',
    `Cannot write the ${what} to ${place}: ${reason}${hint === undefined ? '' : ` (${code})`}`,
    { cause, data: { place }, ...(hint === undefined ? {} : { hint }) },
  );
  // Leave out the stack: it shows where we noticed the problem, which does not help.
  error.stack = hint === undefined ? error.message : `${error.message}\nhint: ${hint}`;
  return error;
}

/** True if the reader has closed the stream, which is not our error. */
export function isReaderGone(error: unknown): boolean {
  return ['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_PREMATURE_CLOSE'].includes(
    (error as NodeJS.ErrnoException | undefined)?.code ?? '',
  );
}
