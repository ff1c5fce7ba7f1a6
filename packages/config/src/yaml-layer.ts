import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Node as YamlNode, Document, LineCounter } from 'yaml';
import type { Layer, LoadedLayer } from './layer.js';
import { printValue } from './problem.js';
import { isMap, type Path } from './raw-config.js';
import { schema } from './schema.js';
import type { Node } from './schema-node.js';
import { validate, normalize } from './validate.js';

/** Reads a YAML file and checks it against `root`. `undefined` where there is none and none is `required`. */
export async function loadYamlLayer(
  name: Layer['name'],
  file: string,
  cwd: string,
  required: boolean,
  root: Node = schema,
): Promise<LoadedLayer | undefined> {
  const display = displayPath(file, cwd);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (typeof text !== 'string') {
    if (text.code === 'ENOENT' && !required) return undefined;
    return {
      layer: emptyLayer(name, display),
      problems: [
        `${display}: Cannot read the configuration file: ${text.code === 'ENOENT' ? 'there is no such file' : text.message}`,
      ],
    };
  }

  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map(
      (error) => `${place(display, lines, error.pos[0])}: Cannot parse YAML: ${error.message}`,
    );
    return { layer: emptyLayer(name, display), problems };
  }
  const raw = normalize(document.toJS() ?? {}, root);
  if (!isMap(raw))
    return {
      layer: emptyLayer(name, display),
      problems: [`${display}:1:1: Cannot use the file: current value is ${printValue(raw)}, allowed is a map`],
    };
  const layer: Layer = {
    name,
    data: raw,
    source: (path, of = 'value') => place(display, lines, offsetOf(document, path, of)),
    sourceNamesSetting: false,
  };
  // In the order of the file.
  return { layer, problems: validate(layer, root).toSorted(new Intl.Collator('en', { numeric: true }).compare) };
}

function emptyLayer(name: Layer['name'], display: string): Layer {
  return { name, data: {}, source: () => display, sourceNamesSetting: false };
}

// As the user would write it; far away files are given in full.
function displayPath(file: string, cwd: string): string {
  const short = relative(cwd, file);
  return short.startsWith('../../..') ? file : short;
}

function place(display: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${display}:${Math.max(1, line)}:${Math.max(1, col)}`;
}

interface YamlPair {
  readonly key: YamlNode;
  readonly value: YamlNode | null;
}

// The deepest node on the path that stands in the file itself: what a merge key brought in has no place of its own.
function offsetOf(document: Document, path: Path, of: 'key' | 'value'): number {
  let node = document.contents as YamlNode | null;
  let offset = node?.range?.[0] ?? 0;
  for (const [index, key] of path.entries()) {
    const pair = pairsOf(document, node).find(
      (each) => String((each.key as { readonly value?: unknown }).value) === key,
    );
    if (pair === undefined) break;
    const isKey = (of === 'key' && index === path.length - 1) || isEmpty(pair.value);
    offset = (isKey ? pair.key : pair.value)?.range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}

function pairsOf(document: Document, node: YamlNode | null): readonly YamlPair[] {
  const target =
    node !== null && 'resolve' in node
      ? ((node as { resolve(document: Document): YamlNode | undefined }).resolve(document) ?? null)
      : node;
  const items = (target as { readonly items?: readonly unknown[] } | null)?.items ?? [];
  return items.filter((item): item is YamlPair => typeof item === 'object' && item !== null && 'key' in item);
}

function isEmpty(value: YamlNode | null): boolean {
  return value === null || !value.range || value.range[0] === value.range[1];
}
