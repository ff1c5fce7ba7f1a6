import type { SerializedError } from '@chaos/spec';

const FRAMES = 10;
const FRAME = /^\s+at /;
const FOREIGN = /node:internal|[\\/]node_modules[\\/]|[\\/]packages[\\/]runner[\\/]dist[\\/]/;

function headOf(error: SerializedError): string {
  const { name, value, code } = error;
  const named = namedMessage(error);
  if (named === undefined) return value ?? name ?? 'Unknown error';
  return code === undefined || code === 'INVARIANT_VIOLATION' ? named : `${named} [${code}]`;
}

/** An error as text: message, code frame, stack lines of the user's code, causes. The hint is not part of it. */
export function formatError(error: SerializedError): string {
  const frames = ownFrames(error.stack ?? '');
  const parts = [headOf(error)];
  if (error.snippet !== undefined) parts.push('', error.snippet);
  if (frames.length > 0) parts.push('', ...frames.slice(0, FRAMES).map((line) => `    ${line.trim()}`));
  if (error.cause !== undefined) parts.push('', `[cause]: ${formatError(error.cause)}`);
  return parts.join('\n');
}

/** The message with the name of the error before it, as Playwright's reports have it. */
export function namedMessage({ name, message }: SerializedError): string | undefined {
  if (message === undefined) return undefined;
  return name === undefined || message.startsWith(name) ? message : `${name}: ${message}`;
}

/** The stack without frames of Node, of packages and of the runner, unless it has no others. */
export function ownStack({ stack }: SerializedError): string | undefined {
  if (stack === undefined) return undefined;
  const head = stack.split('\n').filter((line) => !FRAME.test(line));
  return [...head, ...ownFrames(stack)].join('\n');
}

function ownFrames(stack: string): readonly string[] {
  const frames = stack.split('\n').filter((line) => FRAME.test(line));
  const own = frames.filter((line) => !FOREIGN.test(line));
  return own.length > 0 ? own : frames;
}
