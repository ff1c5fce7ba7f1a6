import type { Operation } from '../operation.js';
import type { Order } from './serial-orders.test.fixture.js';

type Step = readonly [f: string, key: string, value: unknown];
interface Written {
  readonly by: Operation;
  readonly value: unknown;
  /** The step of its transaction that wrote it. */
  readonly at: number;
}
/** Of each key its versions, in the order in which they were installed. */
type VersionOrder = ReadonlyMap<string, readonly Written[]>;
type Edge = readonly [from: Operation, to: Operation, kind: 'ww' | 'wr' | 'rw' | 'order'];
/** A read, and the version of others that it shows: `null` where there was none. */
interface Seen {
  readonly by: Operation;
  readonly at: number;
  readonly key: string;
  readonly version: unknown;
  readonly elements: readonly unknown[];
}

/** The facts of a small history, as the definitions put them. */
interface Facts {
  readonly isOnLists: boolean;
  readonly operations: readonly Operation[];
  readonly happened: readonly Operation[];
  readonly reads: readonly Seen[];
}

const stepsOf = ({ value }: Operation): readonly Step[] => value as readonly Step[];
const isWrite = (f: string): boolean => f !== 'r';
const isOk = ({ type }: Operation): boolean => type === 'ok';
const elementsOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === null ? [] : [value];

/**
 * The levels below serializability by definition, of lists and of registers: tries every order of the versions of each
 * key. Read committed allows no cycle of ww and wr, consistent view none with one rw either, each with the order of
 * sessions and of real time, too; cursor stability no version between the one a transaction read and the one it wrote.
 */
export function decideByDefinition(operations: readonly Operation[]): Readonly<Record<string, boolean>> {
  const facts = factsOf(operations);
  const orders = operations.filter(isOk).every((one) => isCommitted(one, facts)) ? versionOrders(facts) : [];
  const some = (holds: (versions: VersionOrder) => boolean): boolean => orders.some(holds);
  const isKept = (versions: VersionOrder, order: Order, mostRw: number): boolean =>
    !hasCycle(facts.happened, dependencies(facts, versions, order), mostRw);
  const isConsistent = operations.filter(isOk).every(isRepeatable);
  const isView = (order: Order): boolean => isConsistent && some((versions) => isKept(versions, order, 1));
  return {
    'read-committed': some((versions) => isKept(versions, 'plain', 0)),
    'strong-session-read-committed': some((versions) => isKept(versions, 'session', 0)),
    'strong-read-committed': some((versions) => isKept(versions, 'realtime', 0)),
    'consistent-view': isView('plain'),
    'strong-session-consistent-view': isView('session'),
    'strong-consistent-view': isView('realtime'),
    'monotonic-atomic-view': some((versions) => isKept(versions, 'plain', 0) && isSeenWhole(facts, versions, 'after')),
    'read-atomic':
      isConsistent && some((versions) => isKept(versions, 'plain', 0) && isSeenWhole(facts, versions, 'any')),
    'cursor-stability': some((versions) => isKept(versions, 'plain', 0) && updatesAreKept(facts, versions)),
  };
}

function factsOf(operations: readonly Operation[]): Facts {
  const isOnLists = operations.some((one) => stepsOf(one).some(([f]) => f === 'append'));
  const shown = new Set(
    operations
      .filter(isOk)
      .flatMap((one) => stepsOf(one).flatMap(([f, , value]) => (f === 'r' ? elementsOf(value) : []))),
  );
  const happened = operations.filter(
    (one) => isOk(one) || (one.type === 'info' && stepsOf(one).some(([f, , value]) => isWrite(f) && shown.has(value))),
  );
  return { isOnLists, operations, happened, reads: happened.filter(isOk).flatMap((one) => readsOf(one, isOnLists)) };
}

// Of a list the elements that the reader itself appended are left out at its end; its own register hides all else.
function readsOf(by: Operation, isOnLists: boolean): Seen[] {
  const own: (readonly [key: string, value: unknown])[] = [];
  return stepsOf(by).flatMap(([f, key, value], at): Seen[] => {
    if (isWrite(f)) {
      own.push([key, value]);
      return [];
    }
    const mine = own.filter(([k]) => k === key).map(([, written]) => written);
    if (!isOnLists) return mine.length > 0 ? [] : [{ by, at, key, version: value, elements: elementsOf(value) }];
    const elements = elementsOf(value);
    const version = elements.findLast((_, place) => !elements.slice(place).every((one) => mine.includes(one))) ?? null;
    return [{ by, at, key, version, elements }];
  });
}

function writerOf({ operations }: Facts, key: string, value: unknown): Operation | undefined {
  return operations.find((one) => stepsOf(one).some(([f, k, written]) => isWrite(f) && k === key && written === value));
}

function finalValues(operation: Operation): ReadonlyMap<string, unknown> {
  return new Map(stepsOf(operation).flatMap(([f, key, value]) => (isWrite(f) ? [[key, value] as const] : [])));
}

// Every read shows all that the transaction wrote there, and else only what others wrote last and did not take back.
function isCommitted(reader: Operation, facts: Facts): boolean {
  const own = new Map<string, unknown[]>();
  return stepsOf(reader).every(([f, key, value]) => {
    if (isWrite(f)) return own.set(key, [...(own.get(key) ?? []), value]);
    const mine = own.get(key) ?? [];
    const elements = elementsOf(value);
    if (new Set(elements).size < elements.length) return false;
    if (facts.isOnLists ? !mine.every((one) => elements.includes(one)) : mine.length > 0 && mine.at(-1) !== value)
      return false;
    return elements.every((one, place) => {
      const writer = writerOf(facts, key, one);
      if (writer === undefined || writer.type === 'fail') return false;
      if (writer === reader) return mine.includes(one);
      return place < elements.length - 1 || finalValues(writer).get(key) === one;
    });
  });
}

// Every read of a key shows what the one before showed, and what the transaction wrote since.
function isRepeatable(reader: Operation): boolean {
  const known = new Map<string, readonly unknown[]>();
  const own = new Map<string, unknown[]>();
  return stepsOf(reader).every(([f, key, value]) => {
    if (f === 'w') return known.set(key, [value]);
    if (f === 'append') {
      own.set(key, [...(own.get(key) ?? []), value]);
      return !known.has(key) || known.set(key, [...known.get(key)!, value]);
    }
    const elements = elementsOf(value);
    const tail = own.get(key) ?? [];
    const expected = known.get(key) ?? [...elements.slice(0, Math.max(0, elements.length - tail.length)), ...tail];
    known.set(key, elements);
    return JSON.stringify(expected) === JSON.stringify(elements);
  });
}

function versionOrders(facts: Facts): VersionOrder[] {
  const byKey = new Map<string, Written[]>();
  for (const by of facts.happened)
    for (const [at, [f, key, value]] of stepsOf(by).entries())
      if (isWrite(f) && (facts.isOnLists || finalValues(by).get(key) === value))
        byKey.set(key, [...(byKey.get(key) ?? []), { by, value, at }]);
  return [...byKey].reduce<VersionOrder[]>(
    (orders, [key, written]) => {
      const possible = permutations(written).filter((order) => isPossible(facts, key, order));
      return orders.flatMap((order) => possible.map((permuted) => new Map([...order, [key, permuted]])));
    },
    [new Map()],
  );
}

// A list that was read is a beginning of the order, and a transaction's appends keep theirs.
function isPossible({ isOnLists, reads }: Facts, key: string, order: readonly Written[]): boolean {
  if (!isOnLists) return true;
  return (
    order.every((one, place) => order.slice(place).every((other) => other.by !== one.by || other.at >= one.at)) &&
    reads.every((read) => read.key !== key || read.elements.every((element, place) => order[place]?.value === element))
  );
}

function permutations<T>(values: readonly T[]): T[][] {
  if (values.length === 0) return [[]];
  return values.flatMap((value) =>
    permutations(values.filter((other) => other !== value)).map((rest) => [value, ...rest]),
  );
}

const placeOf = (versions: VersionOrder, key: string, version: unknown): number =>
  (versions.get(key) ?? []).findIndex(({ value }) => value === version);

function dependencies({ happened, reads }: Facts, versions: VersionOrder, order: Order): Edge[] {
  const edges: Edge[] = [];
  for (const written of versions.values())
    for (const [at, { by }] of written.slice(1).entries()) edges.push([written[at]!.by, by, 'ww']);
  for (const { by, key, version } of reads) {
    const at = placeOf(versions, key, version);
    const written = versions.get(key) ?? [];
    if (at !== -1) edges.push([written[at]!.by, by, 'wr']);
    if (written[at + 1] !== undefined) edges.push([by, written[at + 1]!.by, 'rw']);
  }
  for (const one of happened)
    for (const other of happened)
      if (order !== 'plain' && isOk(one) && one.completed < other.invoked)
        if (order === 'realtime' || one.process === other.process) edges.push([one, other, 'order']);
  return edges.filter(([from, to]) => from !== to);
}

// A reader that sees a write of a transaction sees none of its others replaced by an older one: in `any` of its reads
// (read atomic), or in those `after` the first (monotonic atomic view).
function isSeenWhole(facts: Facts, versions: VersionOrder, which: 'any' | 'after'): boolean {
  return facts.reads.every(({ by, at, key, version }) => {
    const writer = version === null ? undefined : writerOf(facts, key, version);
    if (writer === undefined || writer === by) return true;
    const final = finalValues(writer);
    return facts.reads.every(
      (other) =>
        other.by !== by ||
        (which === 'after' && other.at < at) ||
        !final.has(other.key) ||
        placeOf(versions, other.key, other.version) >= placeOf(versions, other.key, final.get(other.key)),
    );
  });
}

// What a transaction read last of a key before it first wrote there is the version right before its own.
function updatesAreKept({ reads, happened }: Facts, versions: VersionOrder): boolean {
  return happened.filter(isOk).every((one) =>
    [...finalValues(one).keys()].every((key) => {
      const first = stepsOf(one).findIndex(([f, k]) => isWrite(f) && k === key);
      const base = reads.findLast((read) => read.by === one && read.key === key && read.at < first);
      if (base === undefined) return true;
      return versions.get(key)![placeOf(versions, key, base.version) + 1]?.by === one;
    }),
  );
}

function hasCycle(happened: readonly Operation[], edges: readonly Edge[], mostRw: number): boolean {
  return happened.some((start) => {
    const seen = new Set<string>();
    const walk = (at: Operation, rw: number): boolean =>
      edges.some(([from, to, kind]) => {
        const passed = rw + (kind === 'rw' ? 1 : 0);
        if (from !== at || passed > mostRw) return false;
        if (to === start) return true;
        const place = `${happened.indexOf(to)} ${passed}`;
        if (seen.has(place)) return false;
        seen.add(place);
        return walk(to, passed);
      });
    return walk(start, 0);
  });
}
