import type { SerializedError } from '@chaos/spec';

const FRAMES = 10;
const FOREIGN = /node:internal|[\\/]node_modules[\\/]|[\\/]packages[\\/]runner[\\/]dist[\\/]/;

function headOf({ name, message, value, code }: SerializedError): string {
  if (message === undefined) return value ?? name ?? 'Unknown error';
  const named = name === undefined || message.startsWith(name) ? message : `${name}: ${message}`;
  return code === undefined || code === 'INVARIANT_VIOLATION' ? named : `${named} [${code}]`;
}

/** An error as text: message, code frame, stack lines of the user's code, causes. The hint is not part of it. */
export function formatError(error: SerializedError): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const own = frames.filter((line) => !FOREIGN.test(line));
  const parts = [headOf(error)];
  if (error.snippet !== undefined) parts.push('', error.snippet);
  if (frames.length > 0)
    parts.push('', ...(own.length > 0 ? own : frames).slice(0, FRAMES).map((line) => `    ${line.trim()}`));
  if (error.cause !== undefined) parts.push('', `[cause]: ${formatError(error.cause)}`);
  return parts.join('\n');
}
