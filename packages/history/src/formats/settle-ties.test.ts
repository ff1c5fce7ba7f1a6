import type { Random } from '@chaos/stats';
import { expect, it } from 'vitest';
import { check } from '../check.js';
import { describeVerdict } from '../describe-verdict.js';
import { FUZZ_TIMEOUT_MS, forSeeds } from '../fuzz.test.helper.js';
import type { Operation } from '../operation.js';
import { randomTransactions } from '../transactions/random-transactions.test.fixture.js';
import { parseHistory } from './read-history.js';

interface Line {
  readonly type: string;
  readonly process: number;
  readonly time: number;
  readonly f: string;
  readonly value: unknown;
}

// The clock of the file is coarse: many lines have the same time.
function linesOf(operations: readonly Operation[]): Line[] {
  const events = operations.flatMap(({ process, type, value, invoked, completed }) => [
    { at: invoked, type: 'invoke', process, value },
    ...(completed === Infinity ? [] : [{ at: completed, type, process, value }]),
  ]);
  return events
    .sort((a, b) => a.at - b.at || (a.type === 'invoke' ? 1 : -1))
    .map(({ at, ...event }) => ({ ...event, f: 'txn', time: Math.floor(at / 6) * 1_000_000 + 500 }));
}

function shuffleTies(random: Random, lines: readonly Line[]): Line[] {
  const isTie = (one: Line, other: Line): boolean =>
    one.time === other.time && (one.type === 'invoke') === (other.type === 'invoke') && one.process !== other.process;
  const shuffled = [...lines];
  for (let round = 0; round < 40; round++) {
    const at = random.integer(0, shuffled.length - 2);
    const [one, other] = [shuffled[at]!, shuffled[at + 1]!];
    if (isTie(one, other)) [shuffled[at], shuffled[at + 1]] = [other, one];
  }
  return shuffled;
}

it.each(['append', 'w'] as const)(
  'lines of one time in another order change no word of a verdict on %s',
  (kind) => {
    let moved = 0;
    forSeeds(`ties ${kind}`, 80, (random) => {
      const lines = linesOf(randomTransactions(random, { kind, keys: ['x', 'y'], wildReads: 0.1 }));
      const shuffled = shuffleTies(random, lines);
      if (lines.some((line, at) => line !== shuffled[at])) moved++;
      const [one, other] = [lines, shuffled].map((each) =>
        describeVerdict(
          check(parseHistory(each.map((line) => JSON.stringify(line)).join('\n')), { model: 'strict-serializable' }),
        ),
      );
      expect(other).toBe(one);
    });
    expect(moved).toBeGreaterThan(8);
  },
  FUZZ_TIMEOUT_MS,
);
