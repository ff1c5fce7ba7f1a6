import type { Alias, Document, LineCounter, Node, Pair, Scalar, YAMLMap } from 'yaml';
import type { Path } from '../raw-config.js';
import { Written } from './written.js';

/** A parsed YAML document, checked for YAML's own rules only. */
export interface ParsedYaml {
  /** Numbers and booleans are {@link Written}. */
  readonly data: unknown;
  /** `chaos.yaml:3:12`: position of the deepest node on the path that exists in the file itself. */
  place(path: Path, of: 'key' | 'value'): string;
  /** The text of a number or a boolean; `undefined` for anything else. */
  written(path: Path): string | undefined;
}

// Limit on the nodes that all aliases expand to: no real file needs more, and each takes memory.
const MAX_COPIED_NODES = 1_000;

const MESSAGES: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'one document is allowed, here begins a second',
};

/** Reads a document; every problem is one line with its position. */
export async function parseYaml(text: string, display: string): Promise<ParsedYaml | { readonly problems: string[] }> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const at = (offset: number, problem: string): { problems: string[] } => ({
    problems: [`${place(display, lines, offset)}: Cannot parse YAML: ${problem}`],
  });
  try {
    // The library's search for duplicate keys takes 1 s for 20,000 of them, so our own walk does it.
    const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false, uniqueKeys: false });
    const nul = text.indexOf('\0');
    if (nul >= 0) return at(nul, 'a NUL character is no part of a text file; is it UTF-16, or cut off?');
    // A warning means an unknown tag: the library would read another value than the author meant.
    const faults = [...document.errors, ...document.warnings];
    if (faults.length > 0)
      return { problems: faults.flatMap(({ pos, code, message }) => at(pos[0], MESSAGES[code] ?? message).problems) };
    const nodes = new NodeTable(document);
    if (nodes.problems.length > 0)
      return { problems: nodes.problems.flatMap(({ offset, message }) => at(offset, message).problems) };
    return {
      data: document.toJS({ maxAliasCount: -1 }) as unknown,
      place: (path, of) => place(display, lines, nodes.offsetOf(path, of)),
      written: (path) => nodes.writtenAt(path),
    };
  } catch (error) {
    if (error instanceof RangeError) return at(deepestOffset(text), 'it is nested too deeply');
    return at(0, error instanceof Error ? error.message : String(error));
  }
}

function place(display: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${display}:${Math.max(1, line)}:${Math.max(1, col)}`;
}

// Offset of roughly the deepest nesting of brackets or indentation, so that the message points near it.
function deepestOffset(text: string): number {
  const runs = [...text.matchAll(/[[{][[{\s]*/g)].toSorted((left, right) => right[0].length - left[0].length);
  return runs[0]?.index ?? 0;
}

interface YamlProblem {
  readonly offset: number;
  readonly message: string;
}

type AnyNode = Node | null | undefined;

/** The nodes of a document by path, and problems with its keys and aliases. */
class NodeTable {
  readonly problems: YamlProblem[] = [];
  readonly #root: AnyNode;
  readonly #pairs = new Map<Node, ReadonlyMap<string, Pair<Node, AnyNode>>>();
  readonly #targets = new Map<Node, Node>();
  readonly #anchors = new Map<string, Node>();
  /** Number of nodes that each node expands to; 0 while it is being walked. */
  readonly #sizes = new Map<Node, number>();
  #copied = 0;

  constructor(document: Document) {
    this.#root = document.contents as AnyNode;
    this.#visit(this.#root);
  }

  offsetOf(path: Path, of: 'key' | 'value'): number {
    let node = this.#root;
    let offset = node?.range?.[0] ?? 0;
    for (const [index, key] of path.entries()) {
      const pair = this.#pairOf(node, key);
      if (pair === undefined) break;
      const isKey = (of === 'key' && index === path.length - 1) || isEmpty(pair.value);
      offset = (isKey ? pair.key : pair.value)?.range?.[0] ?? offset;
      node = pair.value;
    }
    return offset;
  }

  writtenAt(path: Path): string | undefined {
    let node = this.#root;
    for (const key of path) node = this.#pairOf(node, key)?.value;
    const value = (this.#target(node) as Scalar | undefined)?.value;
    return value instanceof Written ? value.text : undefined;
  }

  #target(node: AnyNode): AnyNode {
    return (node && this.#targets.get(node)) ?? node;
  }

  #pairOf(node: AnyNode, key: string): Pair<Node, AnyNode> | undefined {
    const target = this.#target(node);
    return target ? this.#pairs.get(target)?.get(key) : undefined;
  }

  #visit(node: AnyNode): number {
    if (!node) return 1;
    if ('source' in node && !('value' in node)) return this.#alias(node as Alias);
    const { anchor, items, value } = node as { anchor?: string; items?: unknown[]; value?: unknown };
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    if (items === undefined) {
      keepText(node as Scalar, value);
      return 1;
    }
    this.#sizes.set(node, 0);
    const pairs = new Map<string, Pair<Node, AnyNode>>();
    let size = 1;
    for (const item of items) {
      if (!isPair(item)) size += this.#visit(item as Node);
      else size += this.#key(item, pairs) + this.#visit(item.value);
    }
    if (pairs.size > 0) this.#pairs.set(node as YAMLMap, pairs);
    this.#sizes.set(node, size);
    return size;
  }

  #key(pair: Pair<Node, AnyNode>, pairs: Map<string, Pair<Node, AnyNode>>): number {
    const key = pair.key as Scalar | null;
    if (key !== null && !('value' in key)) {
      this.#refuse(key, 'a key must be plain text');
      return 1;
    }
    const name = keyText(key);
    // `<<` may occur several times.
    if (pairs.has(name) && typeof key?.value !== 'symbol' && name !== '<<')
      this.#refuse(key, `the key ${JSON.stringify(name)} stands here a second time`);
    pairs.set(name, pair);
    return 1;
  }

  #alias(node: Alias): number {
    const target = this.#anchors.get(node.source);
    const size = target && (this.#sizes.get(target) ?? 1);
    if (target === undefined) this.#refuse(node, `there is no anchor &${node.source} before this`);
    else if (size === 0) this.#refuse(node, `&${node.source} contains itself`);
    else this.#targets.set(node, target);
    const before = this.#copied;
    this.#copied += size ?? 1;
    if (before <= MAX_COPIED_NODES && this.#copied > MAX_COPIED_NODES)
      this.#refuse(node, `aliases stand for more than ${MAX_COPIED_NODES} values up to here`);
    return size ?? 1;
  }

  #refuse(node: AnyNode, message: string): void {
    this.problems.push({ offset: node?.range?.[0] ?? 0, message });
  }
}

function isPair(item: unknown): item is Pair<Node, AnyNode> {
  return typeof item === 'object' && item !== null && 'key' in item;
}

function keepText(node: Scalar, value: unknown): void {
  if ((typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') && node.source)
    node.value = new Written(value, node.source);
}

// Keys are names: `0042` is not 42, and `yes` or `null` are plain words.
function keyText(key: Scalar | null): string {
  if (key === null) return '';
  if (typeof key.value !== 'string' && typeof key.value !== 'symbol') key.value = key.source ?? '';
  return String(key.value);
}

function isEmpty(value: AnyNode): boolean {
  return !value?.range || value.range[0] === value.range[1];
}
