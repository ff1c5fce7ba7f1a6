import { createRandom, type Random } from '@chaos/stats';
import { expect, test } from 'vitest';
import { expectation } from './expectation.js';
import { judge, type Judgement } from './judge.js';
import type { ProbeResult } from './probe.js';
import type { NetworkFault } from '../fault/network-fault.js';

const PORT = 9100;
const TOLERANCE = { ratio: 0.25, ms: 15 };
/** Handshakes of all trials of one case: large samples need fewer trials to show the same. */
const HANDSHAKES = 120_000;
const MOST_TRIALS = 1000;

/** Handshake durations of machines without a fault, ms. */
const MACHINES: Readonly<Record<string, (random: Random) => number>> = {
  quiet: (random) => 0.1 + random.exponential(0.2),
  busy: (random) => 1 + random.exponential(40),
  // Pareto, with an infinite mean: some are held up for seconds.
  'with heavy tails': (random) => 0.5 / (1 - random.next()) ** 1.25,
};

type Row = readonly [name: string, fault: Partial<NetworkFault> | undefined, truth: Truth, count: number];

interface Truth {
  readonly addedMs?: number;
  readonly jitterMs?: number;
  readonly lossRatio?: number;
}

function handshakes(random: Random, machine: string, count: number, truth: Truth = {}): ProbeResult {
  const { addedMs = 0, jitterMs = 0, lossRatio = 0 } = truth;
  const took = Array.from({ length: count }, () => {
    const ms = (MACHINES[machine] as (random: Random) => number)(random) + addedMs;
    return ms + (random.next() * 2 - 1) * jitterMs + (random.next() < lossRatio ? 1000 : 0);
  });
  // Handshakes that exceed the timeout count as unanswered.
  const connectMs = took.filter((ms) => ms < 2500).sort((a, b) => a - b);
  return { connectMs, refused: 0, silent: count - connectMs.length };
}

/** Counts the verdicts on `fault` while `truth` acts instead. */
function verdicts({
  fault,
  truth,
  machine,
  count = 20,
  control = count,
}: {
  readonly fault: Partial<NetworkFault> | undefined;
  readonly truth: Truth;
  readonly machine: string;
  readonly count?: number;
  readonly control?: number;
}): Readonly<Record<Judgement['verdict'], number>> & { readonly trials: number } {
  const expected = expectation(fault ? [{ match: { destinationPorts: [PORT] }, ...fault }] : [], PORT);
  const random = createRandom('judge', machine, JSON.stringify([fault, truth, count]));
  const counts = { 'as planned': 0, different: 0, unclear: 0 };
  const trials = Math.min(MOST_TRIALS, HANDSHAKES / count);
  for (let trial = 0; trial < trials; trial++) {
    const { verdict } = judge({
      expected,
      measured: handshakes(random, machine, count, truth),
      control: handshakes(random, machine, control),
      concurrent: true,
      tolerance: TOLERANCE,
    });
    counts[verdict]++;
  }
  return { ...counts, trials };
}

const AS_PLANNED: readonly Row[] = [
  ['nothing', undefined, {}, 20],
  ['a delay', { delay: { delayMs: 60 } }, { addedMs: 60 }, 20],
  ['a short delay', { delay: { delayMs: 5 } }, { addedMs: 5 }, 20],
  ['jitter', { delay: { delayMs: 60, jitterMs: 20 } }, { addedMs: 60, jitterMs: 20 }, 20],
  ['a small loss', { loss: { lossRatio: 0.02 } }, { lossRatio: 0.02 }, 600],
  ['a loss', { loss: { lossRatio: 0.3 } }, { lossRatio: 0.3 }, 80],
];

// Three measurements in a row must agree, so an error rate of one in a thousand each becomes one in a billion.
test.each(
  AS_PLANNED.flatMap((row) => Object.keys(MACHINES).map((machine): readonly [string, ...Row] => [machine, ...row])),
)('a machine that is %s is no fault: %s', (machine, _name, fault, truth, count) => {
  const { different, trials } = verdicts({ fault, truth, machine, count });
  expect(different / trials).toBeLessThanOrEqual(0.001);
});

test.each(AS_PLANNED)('a quiet machine leaves no doubt: %s', (_name, fault, truth, count) => {
  const { unclear, trials } = verdicts({ fault, truth, machine: 'quiet', count });
  expect(unclear / trials).toBeLessThan(0.02);
});

const DIFFERENT: readonly Row[] = [
  ['a delay that was not healed', undefined, { addedMs: 60 }, 20],
  ['a delay that does not act', { delay: { delayMs: 60 } }, {}, 20],
  ['a delay twice as long', { delay: { delayMs: 60 } }, { addedMs: 120 }, 20],
  ['a loss that was not healed', undefined, { lossRatio: 0.3 }, 80],
  ['a loss that does not act', { loss: { lossRatio: 0.3 } }, {}, 80],
  ['a loss of 0.178 for 0.02', { loss: { lossRatio: 0.02 } }, { lossRatio: 0.178 }, 600],
];

test.each(DIFFERENT)('a real difference is found on a quiet machine: %s', (_name, fault, truth, count) => {
  const { different, trials } = verdicts({ fault, truth, machine: 'quiet', count });
  expect(different / trials).toBeGreaterThan(0.99);
});

test.each(
  DIFFERENT.flatMap((row) =>
    ['busy', 'with heavy tails'].map((machine): readonly [string, ...Row] => [machine, ...row]),
  ),
)('a machine that is %s passes no real difference off as planned: %s', (machine, _name, fault, truth, count) => {
  const found = verdicts({ fault, truth, machine, count });
  expect(found['as planned'] / found.trials).toBeLessThan(0.2);
});

const noFault = expectation([], PORT);
const steady = (connectMs: number, count = 20): ProbeResult => ({
  connectMs: Array.from({ length: count }, () => connectMs),
  refused: 0,
  silent: 0,
});

test('faster than before is no fault where no delay is planned', () => {
  const evidence = { expected: noFault, measured: steady(0.2), control: steady(45), tolerance: TOLERANCE };
  for (const concurrent of [true, false]) expect(judge({ ...evidence, concurrent }).verdict).toBe('as planned');
});

test('slower than before is unclear where this process was held up as long', () => {
  const evidence = { expected: noFault, control: steady(0.2), tolerance: TOLERANCE, concurrent: false };
  expect(judge({ ...evidence, measured: steady(45) }).verdict).toBe('different');
  expect(judge({ ...evidence, measured: { ...steady(45), heldUpMs: 40 } }).verdict).toBe('unclear');
});

test('silence says nothing where those beside it are silent, too', () => {
  const expected = expectation([{ match: { destinationPorts: [PORT] }, partition: 'drop' }], PORT);
  const silent = { connectMs: [], refused: 0, silent: 20 };
  const evidence = { expected, measured: silent, tolerance: TOLERANCE, concurrent: true };
  expect(judge({ ...evidence, control: steady(1) }).verdict).toBe('as planned');
  expect(judge({ ...evidence, control: silent }).verdict).toBe('unclear');
  expect(judge({ ...evidence, control: silent, measured: steady(1) }).verdict).toBe('different');
});
