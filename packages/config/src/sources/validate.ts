import * as v from 'valibot';
import type { Layer } from './layer.js';
import { describeProblem } from '../problem.js';
import { isMap, valueAt, type Path } from '../raw-config.js';
import { Written, meantValue, writtenText } from './written.js';
import { aboutOf, childOf, nodeAt, shapeOf, type Node } from '../schema-node.js';

/** Checks a layer against the schema; every problem is one line. Empty if it is valid. */
export function validate(layer: Layer, root: Node): readonly string[] {
  const result = v.safeParse(root, layer.data, { abortPipeEarly: true });
  return (result.issues ?? []).map((issue) => {
    const path = (issue.path ?? []).map((item) => String((item as { readonly key: unknown }).key));
    const value = valueAt(layer.data, path);
    if (
      issue.type !== 'strict_object' &&
      (issue.path?.at(-1) as { readonly origin?: string } | undefined)?.origin === 'key'
    )
      return describeProblem({ layer, path, value: path.at(-1), what: `allowed is ${issue.message}`, of: 'key' });
    return issue.type === 'strict_object'
      ? unknownKey(root, layer, path, value)
      : badValue(root, layer, path, value, issue.message);
  });
}

function unknownKey(root: Node, layer: Layer, path: Path, value: unknown): string {
  const parent = nodeAt(root, path.slice(0, -1));
  const shape = parent === undefined ? undefined : shapeOf(parent);
  const known = shape?.kind === 'section' ? Object.keys(shape.entries).map((key) => spellKey(layer, key)) : [];
  const otherKeys = parent === undefined ? undefined : aboutOf(parent).otherKeys;
  return describeProblem({
    layer,
    path,
    value,
    what: `but there is no such key; allowed are ${[...known, ...(otherKeys === undefined ? [] : [`and ${otherKeys}`])].join(', ')}`,
    meant: path.at(-1) ?? '',
    candidates: known,
    of: 'key',
  });
}

function spellKey(layer: Layer, key: string): string {
  return layer.spell?.([key]) ?? key;
}

function badValue(root: Node, layer: Layer, path: Path, value: unknown, allowed: string): string {
  const node = nodeAt(root, path);
  const choices = node === undefined ? undefined : aboutOf(node).choices;
  return describeProblem({
    layer,
    path,
    value,
    what: `allowed is ${allowed}`,
    ...(choices === undefined ? {} : { meant: String(value), candidates: choices }),
  });
}

/**
 * Leaves out sections that hold nothing but comments (`null` in YAML): they say nothing. Empty settings stay, to be
 * refused. A plain value in the place of a section with a shorthand is spelled out.
 */
export function normalize(data: unknown, node: Node): unknown {
  const shape = shapeOf(node);
  if (shape.kind === 'setting') return aboutOf(node).asWritten === true ? writtenText(data) : meantValue(data);
  const { shorthand } = aboutOf(node);
  if (!isMap(data) || data instanceof Written)
    return shorthand === undefined ? meantValue(data) : { [shorthand]: meantValue(data) };
  return Object.fromEntries(
    Object.entries(data).flatMap(([key, value]) => {
      const child = childOf(shape, key);
      if (child === undefined) return [[key, meantValue(value)]];
      return value === null && shapeOf(child).kind !== 'setting' ? [] : [[key, normalize(value, child)]];
    }),
  );
}
