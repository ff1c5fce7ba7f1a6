import type { Alias, Document, LineCounter, Node, Pair, Scalar, YAMLMap } from 'yaml';
import type { Path } from './raw-config.js';
import { Written } from './written.js';

/** A YAML document, checked as far as YAML goes. */
export interface ParsedYaml {
  /** Numbers and truth values are {@link Written}. */
  readonly data: unknown;
  /** `chaos.yaml:3:12`, of the deepest node on the path that stands in the file itself. */
  place(path: Path, of: 'key' | 'value'): string;
  /** The text of a number or a truth value; `undefined` for anything else. */
  written(path: Path): string | undefined;
}

// Of what aliases stand for, all together: a file of ours has no need of more, and each is a value in memory.
const MAX_COPIED_NODES = 1_000;

const MESSAGES: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'one document is allowed, here begins a second',
};

/** Reads a document; what is wrong with it is one line each, with its place. */
export async function parseYaml(text: string, display: string): Promise<ParsedYaml | { readonly problems: string[] }> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const at = (offset: number, problem: string): { problems: string[] } => ({
    problems: [`${place(display, lines, offset)}: Cannot parse YAML: ${problem}`],
  });
  try {
    // Their search for keys that stand twice takes 1 s for 20,000 of them: ours is in the walk.
    const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false, uniqueKeys: false });
    const nul = text.indexOf('\0');
    if (nul >= 0) return at(nul, 'a NUL character is no part of a text file; is it UTF-16, or cut off?');
    // A warning is a tag that nobody knows: what it means is not what would be read.
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

// Where the brackets (or the indentation) are deepest, more or less: enough to find it.
function deepestOffset(text: string): number {
  const runs = [...text.matchAll(/[[{][[{\s]*/g)].toSorted((left, right) => right[0].length - left[0].length);
  return runs[0]?.index ?? 0;
}

interface YamlProblem {
  readonly offset: number;
  readonly message: string;
}

type AnyNode = Node | null | undefined;

/** The nodes of a document by path, and what is wrong with its keys and aliases. */
class NodeTable {
  readonly problems: YamlProblem[] = [];
  readonly #root: AnyNode;
  readonly #pairs = new Map<Node, ReadonlyMap<string, Pair<Node, AnyNode>>>();
  readonly #targets = new Map<Node, Node>();
  readonly #anchors = new Map<string, Node>();
  /** By node how many it stands for; 0 as long as we are inside of it. */
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
    // `<<` may stand several times.
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

// Keys are names: `0042` is no 42, and `yes` or `null` no more than a word.
function keyText(key: Scalar | null): string {
  if (key === null) return '';
  if (typeof key.value !== 'string' && typeof key.value !== 'symbol') key.value = key.source ?? '';
  return String(key.value);
}

function isEmpty(value: AnyNode): boolean {
  return !value?.range || value.range[0] === value.range[1];
}
