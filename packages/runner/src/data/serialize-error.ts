import { fileURLToPath } from 'node:url';
import { saysWrongData, type Location, type SerializedError } from '@chaos/spec';
import { isCompiled } from './compiled-sources.js';
import { cut, printed } from './plain.js';
import { unhandledHint } from './errors/unhandled.js';

const MAX_DEPTH = 5;
const MAX_INNER = 20;

/** A thrown value as plain data. Handles cyclic objects, throwing getters and values that are no errors. */
export function serializeError(thrown: unknown, depth = 0): SerializedError {
  if (!isErrorLike(thrown))
    return { value: printed(thrown), message: `A value that is not an Error was thrown: ${printed(thrown)}` };
  const name = text(() => thrown.name) ?? 'Error';
  const own = text(() => thrown.message) ?? '';
  const inner = innerErrors(thrown, depth);
  const message = [own || (inner.length > 0 ? `${inner.length} errors` : ''), ...inner].join('\n');
  const ownStack = text(() => thrown.stack) ?? `${name}: ${own}`;
  const stack = inner.length === 0 ? ownStack : withInner(ownStack, `${name}: ${message}`);
  const code = text(() => (thrown as { code?: unknown }).code);
  const hint = text(() => (thrown as { hint?: unknown }).hint) ?? unhandledHint(thrown);
  const cause = attempt(() => thrown.cause);
  const location = userLocation(stack);
  // Our own errors say what is wrong and why; a stack inside our code would not help.
  const isOurs = !location && attempt(() => (thrown as { isChaosError?: unknown }).isChaosError) === true;
  return {
    name,
    message: name !== 'Error' && !message.startsWith(name) ? `${name}: ${message}` : message || name,
    stack: isOurs ? `${name}: ${message}` : stack,
    ...(code !== undefined && { code }),
    ...(hint !== undefined && { hint }),
    ...(location && { location }),
    ...(cause !== undefined && depth < MAX_DEPTH && { cause: serializeError(cause, depth + 1) }),
    ...(saysWrongData(thrown) && { invariant: true }),
  };
}

// An AggregateError has the real errors in `errors`; Node's own often have no message.
function innerErrors(thrown: unknown, depth: number): readonly string[] {
  const errors = attempt(() => {
    const given: unknown = (thrown as { errors?: unknown }).errors;
    return thrown instanceof AggregateError && Array.isArray(given) ? Array.from(given as unknown[]) : [];
  }) as readonly unknown[] | undefined;
  if (!errors || depth >= MAX_DEPTH) return [];
  const lines = errors.slice(0, MAX_INNER).map((error) => {
    const { name, message = '', value, location } = serializeError(error, depth + 1);
    const said = value ?? (name === undefined || message.startsWith(name) ? message : `${name}: ${message}`);
    const place = location ? ` (${location.file}:${location.line}:${location.column})` : '';
    return `- ${said.replaceAll('\n', '\n  ')}${place}`;
  });
  return errors.length > MAX_INNER ? [...lines, `- and ${errors.length - MAX_INNER} more`] : lines;
}

// The frames of a stack under another header.
function withInner(stack: string, header: string): string {
  const frames = /^\s+at /m.exec(stack);
  return frames ? `${header}\n${stack.slice(frames.index)}` : header;
}

/** The reverse, for errors that crossed a process boundary: keeps name, code, hint and stack. */
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

/** The first frame of a stack outside node and installed packages, or in one given file: where a person looks first. */
export function userLocation(stack: string, within?: string): Location | undefined {
  for (const line of stack.split('\n')) {
    const match = /^\s+at (?:.* \(|async )?((?:file:\/\/)?\/[^()]+?):(\d+):(\d+)\)?$/.exec(line);
    if (!match?.[1]) continue;
    const file = match[1].startsWith('file:') ? fileURLToPath(match[1]) : match[1];
    if ((file.includes('/node_modules/') && !isCompiled(file)) || file.includes('/dist/')) continue;
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
  return typeof value === 'string' || typeof value === 'number' ? cut(String(value)) : undefined;
}

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}
