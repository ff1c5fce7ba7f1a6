import { hasTimes, invokedAt } from '../describe/moment.js';
import type { Operation } from '../operation.js';
import type { AnomalyStep } from '../verdict.js';
import { PROCESS, REALTIME, RW, WR, WW } from './graph/edge-type.js';
import type { WriteWords } from './reads/read-evidence.js';
import type { TransactionLog } from './log/transaction-log.js';
import { UNKNOWN } from './log/versions.js';
import type { Versions } from './log/versions.js';

interface Names {
  /** The names of the two: `T1`. */
  readonly from: string;
  readonly to: string;
}

const RELATIONS: Readonly<Record<number, string>> = {
  [WW]: 'ww',
  [WR]: 'wr',
  [RW]: 'rw',
  [PROCESS]: 'process',
  [REALTIME]: 'realtime',
};

/**
 * Tells why one transaction comes before another, looked up again: edges carry no reasons, so that a million of them
 * stay small.
 */
export function describeEdge(
  log: TransactionLog,
  versions: Versions,
  words: WriteWords,
): (edge: { from: number; to: number; type: number }, names: Names) => Omit<AnomalyStep, 'from' | 'to'> {
  const { operations, firstStep, stepWrites, stepKey } = log;
  const { ofStep } = versions;
  return ({ from, to, type }, names) => ({ relation: RELATIONS[type]!, because: because(from, to, type, names) });

  function because(from: number, to: number, type: number, names: Names): string {
    if (type === PROCESS) return `process ${operations[from]!.process} ran ${names.from} before ${names.to}`;
    if (type === REALTIME)
      return `${names.from} was complete ${showGap(operations[from]!, operations[to]!)}before ${names.to} began`;
    const [one, other] = closest(from, to, type)!;
    if (type === WR) return `${names.to} saw ${names.from}'s ${words(one)}`;
    if (type === RW) return `${names.from} did not see ${names.to}'s ${words(other)}`;
    return `${names.to}'s ${words(other)} came after ${names.from}'s ${words(one)}${told(from, to, [ofStep[one]!, ofStep[other]!])}`;
  }

  // Two others may tell it, by what they saw or wrote one after the other.
  function told(from: number, to: number, [earlier, later]: readonly [number, number]): string {
    const witnesses = versions.witnesses?.(earlier, later);
    if (witnesses === undefined || (witnesses[0] === from && witnesses[1] === to)) return '';
    const [first, second] = witnesses.map(
      (transaction) => `process ${operations[transaction]!.process} (at ${invokedAt(operations[transaction]!)})`,
    );
    return `, as ${first} had the one before ${second} had the other`;
  }

  // The steps of both on one key whose versions are nearest in its order.
  function closest(from: number, to: number, type: number): [number, number] | undefined {
    let best: [number, number] | undefined;
    let smallest = Infinity;
    for (let one = firstStep[from]!; one < firstStep[from + 1]!; one++) {
      if (stepWrites[one] !== (type === RW ? 0 : 1) || ofStep[one] === UNKNOWN) continue;
      for (let other = firstStep[to]!; other < firstStep[to + 1]!; other++) {
        if (stepKey[other] !== stepKey[one] || stepWrites[other] !== (type === WR ? 0 : 1)) continue;
        const distance =
          type === WR
            ? ofStep[one] === ofStep[other]
              ? 0
              : Infinity
            : versions.distance(ofStep[one]!, ofStep[other]!);
        if (distance >= smallest) continue;
        smallest = distance;
        best = [one, other];
      }
    }
    return best;
  }
}

function showGap(from: Operation, to: Operation): string {
  const ns = hasTimes(from) ? to.invokedNs - from.completedNs : 0;
  return ns > 0 && ns < Infinity ? `${(ns / 1e6).toFixed(ns < 1e7 ? 3 : 1)} ms ` : '';
}
