import { fileURLToPath } from 'node:url';
import type { Location, SerializedError } from '@chaos/spec';
import { inspect } from 'node:util';

const MAX_DEPTH = 5;

/** A thrown value as plain data. Survives cyclic objects, throwing getters and values that are no errors. */
export function serializeError(thrown: unknown, depth = 0): SerializedError {
  if (!isErrorLike(thrown))
    return { value: print(thrown), message: `A value that is not an Error was thrown: ${print(thrown)}` };
  const name = text(() => thrown.name) ?? 'Error';
  const message = text(() => thrown.message) ?? '';
  const stack = text(() => thrown.stack) ?? `${name}: ${message}`;
  const code = text(() => (thrown as { code?: unknown }).code);
  const hint = text(() => (thrown as { hint?: unknown }).hint);
  const cause = attempt(() => thrown.cause);
  const location = userLocation(stack);
  // What we refuse says what and why; where in our insides it was said helps nobody.
  const isOurs = !location && (thrown as { isChaosError?: unknown }).isChaosError === true;
  return {
    name,
    message: name !== 'Error' && !message.startsWith(name) ? `${name}: ${message}` : message || name,
    stack: isOurs ? `${name}: ${message}` : stack,
    ...(code !== undefined && { code }),
    ...(hint !== undefined && { hint }),
    ...(location && { location }),
    ...(cause !== undefined && depth < MAX_DEPTH && { cause: serializeError(cause, depth + 1) }),
    ...(code === 'INVARIANT_VIOLATION' && { invariant: true }),
  };
}

/** The other way round, for errors that crossed a process boundary: name, code, hint and stack are kept. */
export function deserializeError(data: SerializedError): Error {
  const error = new Error(
    data.message ?? data.value ?? 'unknown error',
    data.cause ? { cause: deserializeError(data.cause) } : undefined,
  );
  if (data.name) error.name = data.name;
  if (data.stack) error.stack = data.stack;
  return Object.assign(
    error,
    data.code !== undefined && { code: data.code, isChaosError: true },
    data.hint !== undefined && { hint: data.hint },
  );
}

/** The first frame of a stack outside node and installed packages, or in one file: where a person looks. */
export function userLocation(stack: string, within?: string): Location | undefined {
  for (const line of stack.split('\n')) {
    const match = /^\s+at (?:.* \(|async )?((?:file:\/\/)?\/[^()]+?):(\d+):(\d+)\)?$/.exec(line);
    if (!match?.[1] || match[1].includes('/node_modules/') || match[1].includes('/dist/')) continue;
    const file = match[1].startsWith('file:') ? fileURLToPath(match[1]) : match[1];
    if (within === undefined || file === within) return { file, line: Number(match[2]), column: Number(match[3]) };
  }
  return undefined;
}

function isErrorLike(thrown: unknown): thrown is Error {
  return (
    attempt(() => thrown instanceof Error) === true ||
    (typeof thrown === 'object' && thrown !== null && text(() => (thrown as Error).stack) !== undefined)
  );
}

function text(read: () => unknown): string | undefined {
  const value = attempt(read);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function print(value: unknown): string {
  try {
    return inspect(value, { depth: 3, breakLength: 120 }).slice(0, 2000);
  } catch {
    return `[a ${typeof value} that cannot be printed]`;
  }
}
