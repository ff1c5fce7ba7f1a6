import { nearest } from './nearest.js';
import type { Layer } from './layer.js';
import type { Path } from './raw-config.js';

/** What is wrong with one value of one layer. */
export interface ProblemDetails {
  readonly layer: Layer;
  readonly path: Path;
  readonly value: unknown;
  /** The end of the sentence "current value is x, …". */
  readonly what: string;
  /** What the user may have meant, to find the nearest of. */
  readonly candidates?: readonly string[];
  readonly meant?: string;
  readonly of?: 'key' | 'value';
}

/** One line for one problem: place, setting, value, what is allowed, what may have been meant. */
export function describeProblem(details: ProblemDetails): string {
  const { layer, path, of = 'value' } = details;
  const source = layer.source(path, of);
  const name = layer.sourceNamesSetting ? source : `${source}: Cannot use ${layer.spell?.(path) ?? path.join('.')}`;
  const guess = details.meant === undefined ? undefined : nearest(details.meant, details.candidates ?? []);
  const opening = layer.sourceNamesSetting ? `Cannot use ${name}` : name;
  return `${opening}: current value is ${layer.written?.(path) ?? printValue(details.value)}, ${details.what}${guess === undefined ? '' : `. Did you mean ${JSON.stringify(guess)}?`}`;
}

/** A value on one line, cut to a readable length, without passwords. */
export function printValue(value: unknown): string {
  const text = value === undefined ? 'undefined' : asJson(typeof value === 'string' ? withoutPassword(value) : value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

/** `postgres://user:secret@host` → `postgres://user:***@host`. */
export function withoutPassword(text: string): string {
  return text.replace(/(:\/\/[^/?#:@\s]*):[^/?#@\s]*@/, '$1:***@');
}

// What JSON has no word for is said all the same: code may give anything.
function asJson(value: unknown): string {
  if (typeof value === 'number') return String(value);
  try {
    const plain = (_: string, each: unknown): unknown =>
      typeof each === 'bigint' || (typeof each === 'number' && !Number.isFinite(each)) ? String(each) : each;
    return (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value, plain)) ?? typeof value;
  } catch {
    return 'an object that contains itself';
  }
}
