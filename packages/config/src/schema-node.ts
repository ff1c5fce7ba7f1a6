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

/** A map whose keys are names that the user chooses, but for a few keys of ours. */
export function namedBeside(description: string, known: Readonly<Record<string, Node>>, value: Node): Node {
  const optional = Object.fromEntries(Object.entries(known).map(([key, node]) => [key, v.optional(node)]));
  return v.pipe(MAP, v.objectWithRest(optional, value), v.metadata({ description }));
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
  const node = v.pipe(
    v.custom((value) => v.is(schema, value), about.allowed),
    v.metadata({ ...about }),
  );
  accepted.set(node, schema);
  return node;
}

// One message for the whole value hides its schema from valibot; the JSON Schema needs it.
const accepted = new WeakMap<Node, Node>();

/** The schema of a single value as it was written, for a setting whose message describes it as a whole. */
export function acceptedBy(node: Node): Node {
  return accepted.get(node) ?? node;
}

/** Structure of a node. */
export type Shape =
  | { readonly kind: 'section'; readonly entries: Readonly<Record<string, Node>> }
  /** `known`: keys with a meaning of their own. */
  | { readonly kind: 'named'; readonly value: Node; readonly known: Readonly<Record<string, Node>> }
  | { readonly kind: 'setting' };

interface Introspected {
  readonly type: string;
  readonly pipe?: readonly Introspected[];
  readonly entries?: Readonly<Record<string, { readonly wrapped: Node }>>;
  readonly value?: Node;
  readonly rest?: Node;
}

/** Returns the structure of a node. */
export function shapeOf(node: Node): Shape {
  for (const part of (node as unknown as Introspected).pipe ?? []) {
    if (part.type === 'strict_object') return { kind: 'section', entries: entriesOf(part) };
    if (part.type === 'record' && part.value !== undefined) return { kind: 'named', value: part.value, known: {} };
    if (part.type === 'object_with_rest' && part.rest !== undefined)
      return { kind: 'named', value: part.rest, known: entriesOf(part) };
  }
  return { kind: 'setting' };
}

function entriesOf({ entries = {} }: Introspected): Readonly<Record<string, Node>> {
  return Object.fromEntries(Object.entries(entries).map(([key, { wrapped }]) => [key, wrapped]));
}

/** The node of a key of a section or a map; `undefined` if it may not have such a key. */
export function childOf(shape: Shape, key: string): Node | undefined {
  if (shape.kind === 'setting') return undefined;
  const known = shape.kind === 'section' ? shape.entries : shape.known;
  if (Object.hasOwn(known, key)) return known[key];
  return shape.kind === 'named' ? shape.value : undefined;
}

/** Returns the description of a node in the reference. */
export function aboutOf(node: Node): About {
  return v.getMetadata(node as Parameters<typeof v.getMetadata>[0]) as unknown as About;
}

/** The node at a path; `undefined` if the schema has none. */
export function nodeAt(root: Node, path: Path): Node | undefined {
  return path.reduce<Node | undefined>((node, key) => node && childOf(shapeOf(node), key), root);
}
