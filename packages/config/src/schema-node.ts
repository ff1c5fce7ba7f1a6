import * as v from 'valibot';
import { isMap, type Path } from './raw-config.js';

/** Any schema of ours: a section, a map of freely named entries, or a single setting. */
export type Node = v.GenericSchema;

/** What the reference says about a node. */
export interface About {
  readonly description: string;
  /** What a value may be; the error message says the same. */
  readonly allowed?: string;
  readonly choices?: readonly string[];
  /** Environment variable and command line option that override it. */
  readonly overriddenBy?: readonly string[];
  /** Where the default is not one value. */
  readonly defaultText?: string;
  /** The text that stands in the file is the value: numbers are not read as such. */
  readonly asWritten?: boolean;
  /** Of a section: the key that a plain value in its place is meant for. */
  readonly shorthand?: string;
  /** Of a section: the keys that it may have beside those that are known, for people. */
  readonly otherKeys?: string;
}

const MAP = v.custom<Readonly<Record<string, unknown>>>(isMap, 'a map');

/** A map of known keys, all optional; others are errors. */
export function section(
  description: string,
  entries: Readonly<Record<string, Node>>,
  more: Pick<About, 'shorthand' | 'otherKeys'> = {},
): Node {
  const optional = Object.fromEntries(Object.entries(entries).map(([key, node]) => [key, v.optional(node)]));
  return v.pipe(MAP, v.strictObject(optional), v.metadata({ description, ...more }));
}

/** A map whose keys are names that the user chooses. */
export function named(
  description: string,
  value: Node,
  { names = v.string(), ...more }: Partial<About> & { readonly names?: v.GenericSchema<string> } = {},
): Node {
  return v.pipe(MAP, v.record(names, value), v.metadata({ description, ...more }));
}

/** A whole number within bounds, both included. */
export function whole(min: number, max: number, about: About): Node {
  const allowed = max === Infinity ? `a whole number ≥ ${min}` : `a whole number from ${min} to ${max}`;
  return v.pipe(
    v.number(allowed),
    v.safeInteger(allowed),
    v.minValue(min, allowed),
    v.maxValue(max, allowed),
    v.metadata({ allowed, ...about }),
  );
}

/** A number within bounds, both included. */
export function decimal(min: number, max: number, about: About): Node {
  const allowed = `a number from ${min} to ${max}${about.allowed === undefined ? '' : ` (${about.allowed})`}`;
  return v.pipe(
    v.number(allowed),
    v.finite(allowed),
    v.minValue(min, allowed),
    v.maxValue(max, allowed),
    v.metadata({ ...about, allowed }),
  );
}

/** `true` or `false`. */
export function toggle(about: About): Node {
  return v.pipe(v.boolean('true or false'), v.metadata({ allowed: 'true or false', ...about }));
}

/** One of a few words. */
export function choice(choices: readonly [string, ...string[]], about: About): Node {
  const allowed = choices.join(', ');
  return v.pipe(v.picklist(choices, `one of ${allowed}`), v.metadata({ allowed, choices, ...about }));
}

/** Anything that `schema` takes; `about.allowed` says what that is. */
export function setting(schema: Node, about: About & { readonly allowed: string }): Node {
  return v.pipe(
    v.custom((value) => v.is(schema, value), about.allowed),
    v.metadata({ ...about }),
  );
}

/** What a node consists of. */
export type Shape =
  | { readonly kind: 'section'; readonly entries: Readonly<Record<string, Node>> }
  | { readonly kind: 'named'; readonly value: Node }
  | { readonly kind: 'setting' };

interface Introspected {
  readonly type: string;
  readonly pipe?: readonly Introspected[];
  readonly entries?: Readonly<Record<string, { readonly wrapped: Node }>>;
  readonly value?: Node;
}

/** Looks into a node. */
export function shapeOf(node: Node): Shape {
  for (const part of (node as unknown as Introspected).pipe ?? []) {
    if (part.type === 'strict_object')
      return {
        kind: 'section',
        entries: Object.fromEntries(Object.entries(part.entries ?? {}).map(([key, { wrapped }]) => [key, wrapped])),
      };
    if (part.type === 'record' && part.value !== undefined) return { kind: 'named', value: part.value };
  }
  return { kind: 'setting' };
}

/** What the reference says about a node. */
export function aboutOf(node: Node): About {
  return v.getMetadata(node as Parameters<typeof v.getMetadata>[0]) as unknown as About;
}

/** The node that a path leads to; `undefined` where the schema has none. */
export function nodeAt(root: Node, path: Path): Node | undefined {
  return path.reduce<Node | undefined>((node, key) => {
    if (node === undefined) return undefined;
    const shape = shapeOf(node);
    if (shape.kind === 'section') return Object.hasOwn(shape.entries, key) ? shape.entries[key] : undefined;
    return shape.kind === 'named' ? shape.value : undefined;
  }, root);
}
