import { RW, WR, WW } from '../graph/edge-type.js';
import type { OnlineGraph } from './online-graph.js';

/** One element of a list, when it is known who appended it or who has seen it. */
interface Version {
  writer?: number;
  /** Overwritten by its writer: nobody else may see it last. */
  isOverwritten: boolean;
  isFailed: boolean;
  place: number;
}

interface List {
  readonly versions: Map<unknown, Version>;
  readonly order: Version[];
  readonly elements: unknown[];
  /** Acknowledged appends that no read has shown yet, the last few: they come after all that was read. */
  unseen: Version[];
  /** The readers of the list when it had so many elements. */
  readonly readers: (number[] | undefined)[];
}

const MOST_UNSEEN = 16;

/**
 * Lists as the transactions of a stream show them. Every method says whether what is new fits to what is known; what
 * does not is reason for a full check.
 */
export interface OnlineLists {
  append(key: unknown, element: unknown, by: { writer: number; isOverwritten: boolean; isCertain: boolean }): boolean;
  /** An append that did not happen. */
  appendFailed(key: unknown, element: unknown): boolean;
  read(key: unknown, list: readonly unknown[], reader: number): boolean;
}

/** Follows the order of every list and adds the dependencies to the graph as soon as both ends are known. */
export function createOnlineLists(graph: OnlineGraph): OnlineLists {
  return new ListOrders(graph);
}

class ListOrders implements OnlineLists {
  readonly #graph: OnlineGraph;
  readonly #lists = new Map<unknown, List>();

  constructor(graph: OnlineGraph) {
    this.#graph = graph;
  }

  append(
    key: unknown,
    element: unknown,
    { writer, isOverwritten, isCertain }: { writer: number; isOverwritten: boolean; isCertain: boolean },
  ): boolean {
    const list = this.#listOf(key);
    const version = versionOf(list, element);
    version.writer = writer;
    version.isOverwritten = isOverwritten;
    if (version.place !== -1) return this.#connect(list, version);
    return !isCertain || this.#wait(list, version);
  }

  appendFailed(key: unknown, element: unknown): boolean {
    const version = versionOf(this.#listOf(key), element);
    if (version.writer !== undefined) return true;
    version.isFailed = true;
    return version.place === -1;
  }

  read(key: unknown, elements: readonly unknown[], reader: number): boolean {
    const graph = this.#graph;
    const list = this.#listOf(key);
    let fits = true;
    for (const [place, element] of elements.entries()) {
      if (place < list.order.length) fits &&= list.elements[place] === element;
      else fits = this.#extend(list, element) && fits;
    }
    const last = list.order[elements.length - 1];
    (list.readers[elements.length] ??= []).push(reader);
    if (last !== undefined) fits = this.#see(last, reader) && fits;
    if (elements.length === list.order.length)
      for (const { writer } of list.unseen) fits = graph.addEdge(reader, writer!, RW) && fits;
    const next = list.order[elements.length];
    return next?.writer === undefined ? fits : graph.addEdge(reader, next.writer, RW) && fits;
  }

  #listOf(key: unknown): List {
    let list = this.#lists.get(key);
    if (list === undefined)
      this.#lists.set(key, (list = { versions: new Map(), order: [], elements: [], unseen: [], readers: [] }));
    return list;
  }

  #extend(list: List, element: unknown): boolean {
    const version = versionOf(list, element);
    if (version.place !== -1) return false;
    version.place = list.order.push(version) - 1;
    list.elements.push(element);
    list.unseen = list.unseen.filter((one) => one !== version);
    return !version.isFailed && (version.writer === undefined || this.#connect(list, version));
  }

  // More of them than these would cost too much; a full check sees them all.
  #wait(list: List, version: Version): boolean {
    const graph = this.#graph;
    list.unseen = [...list.unseen, version].slice(-MOST_UNSEEN);
    const last = list.order.at(-1)?.writer;
    let fits = last === undefined || graph.addEdge(last, version.writer!, WW);
    for (const reader of list.readers[list.order.length]?.slice(-MOST_UNSEEN) ?? [])
      fits = graph.addEdge(reader, version.writer!, RW) && fits;
    return fits;
  }

  #see({ writer, isOverwritten }: Version, reader: number): boolean {
    if (writer === undefined) return true;
    return this.#graph.addEdge(writer, reader, WR) && (!isOverwritten || writer === reader);
  }

  // Writer and place of a version are known: its neighbours and readers are tied to it.
  #connect({ order, readers }: List, version: Version): boolean {
    const graph = this.#graph;
    const { place } = version;
    const writer = version.writer!;
    const [before, after] = [order[place - 1]?.writer, order[place + 1]?.writer];
    let fits = before === undefined || graph.addEdge(before, writer, WW);
    if (after !== undefined) fits = graph.addEdge(writer, after, WW) && fits;
    for (const reader of readers[place] ?? []) fits = graph.addEdge(reader, writer, RW) && fits;
    for (const reader of readers[place + 1] ?? []) fits = this.#see(version, reader) && fits;
    return fits;
  }
}

function versionOf({ versions }: List, element: unknown): Version {
  let version = versions.get(element);
  if (version === undefined) versions.set(element, (version = { isOverwritten: false, isFailed: false, place: -1 }));
  return version;
}
