import { nearest } from '@chaos/spec';
import type { Layer } from './sources/layer.js';
import type { Path } from './raw-config.js';

/** A problem with one value of one layer. */
export interface ProblemDetails {
  readonly layer: Layer;
  readonly path: Path;
  readonly value: unknown;
  /** Rest of the sentence "current value is x, …". */
  readonly what: string;
  /** Allowed names, to suggest the one nearest to `meant`. */
  readonly candidates?: readonly string[];
  readonly meant?: string;
  readonly of?: 'key' | 'value';
}

/** Describes a problem on one line: position, setting, value, allowed values, and a suggestion. */
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

// Prints values that JSON cannot express, too: a configuration module may export anything.
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
