import type { Operation } from '../operation.js';
import type { Order } from './serial-orders.test.fixture.js';

type Step = readonly [f: string, key: string, value: unknown];
/** Of each key its values, in the order in which they were installed. */
type VersionOrder = ReadonlyMap<string, readonly unknown[]>;
type Edge = readonly [from: Operation, to: Operation, kind: 'ww' | 'wr' | 'rw' | 'order'];

const stepsOf = ({ value }: Operation): readonly Step[] => value as readonly Step[];

/**
 * Adya's levels below snapshot isolation by definition, of registers: tries every order of the versions of each key.
 * Read committed allows no cycle of ww and wr, consistent view none with one rw either. Each with the order of sessions
 * and of real time, too.
 */
export function decideByDefinition(operations: readonly Operation[]): Readonly<Record<string, boolean>> {
  const shown = new Set(operations.filter(({ type }) => type === 'ok').flatMap(valuesRead));
  const happened = operations.filter(
    (one) =>
      one.type === 'ok' || (one.type === 'info' && stepsOf(one).some(([f, , value]) => f === 'w' && shown.has(value))),
  );
  const reads = operations.every((one) => one.type !== 'ok' || readsAreCommitted(one, operations));
  const orders = reads ? versionOrders(happened) : [];
  const isKept = (order: Order, mostRw: number): boolean =>
    orders.some((versions) => !hasCycle(happened, dependencies(happened, versions, order), mostRw));
  return {
    'read-committed': isKept('plain', 0),
    'strong-session-read-committed': isKept('session', 0),
    'strong-read-committed': isKept('realtime', 0),
    'consistent-view': isKept('plain', 1),
    'strong-session-consistent-view': isKept('session', 1),
    'strong-consistent-view': isKept('realtime', 1),
    'monotonic-atomic-view': orders.some((versions) => isSeenWhole(happened, versions, 'after')),
    'read-atomic': orders.some((versions) => isSeenWhole(happened, versions, 'any')),
  };
}

// A reader that sees a write of a transaction sees none of its others replaced by an older one: in `any` of its reads
// (read atomic), or in those `after` the first (monotonic atomic view).
function isSeenWhole(happened: readonly Operation[], versions: VersionOrder, which: 'any' | 'after'): boolean {
  const isOlder = (key: string, value: unknown, than: unknown): boolean =>
    (versions.get(key) ?? []).indexOf(value) < versions.get(key)!.indexOf(than);
  const isWhole = (reader: Operation): boolean => {
    const reads = foreignReads(reader);
    return reads.every(([, key, value], at) => {
      const writer = happened.find((one) => value !== null && finalValues(one).get(key) === value);
      const others = which === 'any' ? reads : reads.slice(at + 1);
      return others.every(
        ([, other, seen]) =>
          writer === undefined ||
          !finalValues(writer).has(other) ||
          !isOlder(other, seen, finalValues(writer).get(other)),
      );
    });
  };
  return (
    happened.filter(({ type }) => type === 'ok').every(isWhole) &&
    !hasCycle(happened, dependencies(happened, versions, 'plain'), 0)
  );
}

function foreignReads(reader: Operation): Step[] {
  const own = new Set<string>();
  return stepsOf(reader).filter(([f, key]) => {
    if (f === 'w') own.add(key);
    return f === 'r' && !own.has(key);
  });
}

function valuesRead(operation: Operation): unknown[] {
  return stepsOf(operation).flatMap(([f, , value]) => (f === 'r' ? [value] : []));
}

// Every read shows its own last write, or the last write of another transaction that did not fail, or nothing.
function readsAreCommitted(reader: Operation, operations: readonly Operation[]): boolean {
  const own = new Map<string, unknown>();
  return stepsOf(reader).every(([f, key, value]) => {
    if (f === 'w') own.set(key, value);
    else if (own.has(key)) return own.get(key) === value;
    if (f === 'w' || value === null) return true;
    const writer = operations.find((one) => stepsOf(one).some(([g, , written]) => g === 'w' && written === value))!;
    return writer !== reader && writer.type !== 'fail' && finalValues(writer).get(key) === value;
  });
}

function finalValues(operation: Operation): Map<string, unknown> {
  return new Map(stepsOf(operation).flatMap(([f, key, value]) => (f === 'w' ? [[key, value]] : [])));
}

function versionOrders(happened: readonly Operation[]): VersionOrder[] {
  const byKey = new Map<string, unknown[]>();
  for (const one of happened)
    for (const [key, value] of finalValues(one)) byKey.set(key, [...(byKey.get(key) ?? []), value]);
  return [...byKey].reduce<VersionOrder[]>(
    (orders, [key, values]) =>
      orders.flatMap((order) => permutations(values).map((permuted) => new Map([...order, [key, permuted]]))),
    [new Map()],
  );
}

function permutations(values: readonly unknown[]): unknown[][] {
  if (values.length === 0) return [[]];
  return values.flatMap((value) =>
    permutations(values.filter((other) => other !== value)).map((rest) => [value, ...rest]),
  );
}

function dependencies(happened: readonly Operation[], versions: VersionOrder, order: Order): Edge[] {
  const edges: Edge[] = [];
  const writerOf = (key: string, value: unknown): Operation =>
    happened.find((one) => finalValues(one).get(key) === value)!;
  for (const [key, values] of versions)
    for (const [at, value] of values.slice(1).entries())
      edges.push([writerOf(key, values[at]), writerOf(key, value), 'ww']);
  for (const reader of happened.filter(({ type }) => type === 'ok')) {
    const own = new Set<string>();
    for (const [f, key, value] of stepsOf(reader)) {
      if (f === 'w') own.add(key);
      else if (!own.has(key)) {
        if (value !== null) edges.push([writerOf(key, value), reader, 'wr']);
        const values = versions.get(key) ?? [];
        const next = values[values.indexOf(value) + 1];
        if (next !== undefined) edges.push([reader, writerOf(key, next), 'rw']);
      }
    }
  }
  for (const one of happened)
    for (const other of happened)
      if (order !== 'plain' && one.type === 'ok' && one.completed < other.invoked)
        if (order === 'realtime' || one.process === other.process) edges.push([one, other, 'order']);
  return edges.filter(([from, to]) => from !== to);
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
