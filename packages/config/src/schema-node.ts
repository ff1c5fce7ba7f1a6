import * as v from 'valibot';
import { isMap, type Path } from './raw-config.js';

/** Any schema of the configuration: a section, a map of freely named entries, or a single setting. */
export type Node = v.GenericSchema;

/** Description of a node in the reference. */
export interface About {
  readonly description: string;
  /** Allowed values, also used in the error message. */
  readonly allowed?: string;
  readonly choices?: readonly string[];
  /** Environment variable and command line option that override it. */
  readonly overriddenBy?: readonly string[];
  /** Description of the default if it is not a single value. */
  readonly defaultText?: string;
  /** The text in the file is the value; it is not parsed as a number. */
  readonly asWritten?: boolean;
  /** For a section: the key that a plain value in its place stands for. */
  readonly shorthand?: string;
  /** For a section: a description of the keys it may have besides the known ones. */
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

/** One of a few fixed words. */
export function choice(choices: readonly [string, ...string[]], about: About): Node {
  const allowed = choices.join(', ');
  return v.pipe(v.picklist(choices, `one of ${allowed}`), v.metadata({ allowed, choices, ...about }));
}

/** Any value that `schema` accepts; `about.allowed` describes it. */
export function setting(schema: Node, about: About & { readonly allowed: string }): Node {
  return v.pipe(
    v.custom((value) => v.is(schema, value), about.allowed),
    v.metadata({ ...about }),
  );
}

/** Structure of a node. */
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

/** Returns the structure of a node. */
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

/** Returns the description of a node in the reference. */
export function aboutOf(node: Node): About {
  return v.getMetadata(node as Parameters<typeof v.getMetadata>[0]) as unknown as About;
}

/** The node at a path; `undefined` if the schema has none. */
export function nodeAt(root: Node, path: Path): Node | undefined {
  return path.reduce<Node | undefined>((node, key) => {
    if (node === undefined) return undefined;
    const shape = shapeOf(node);
    if (shape.kind === 'section') return Object.hasOwn(shape.entries, key) ? shape.entries[key] : undefined;
    return shape.kind === 'named' ? shape.value : undefined;
  }, root);
}
