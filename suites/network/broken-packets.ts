import { randomUUID } from 'node:crypto';
import {
  expect,
  InvariantViolation,
  minimumSamples,
  notStarved,
  seeded,
  test,
  type ActiveFault,
  type Fault,
  type Load,
  type LoadResult,
  type ResolvedConfig,
  type SuiteTarget,
} from '../drivers/index.js';
import { tcpCounter, type TcpCounter } from './tcp-counters.js';

/** Context of a test with packet faults. */
export interface BrokenPackets {
  readonly target: SuiteTarget;
  readonly inject: (fault: Fault) => Promise<ActiveFault>;
  readonly load: Load;
  readonly config: ResolvedConfig;
  readonly fault: Fault;
  /** The kernel's evidence that packets were hit. */
  readonly evidence: TcpCounter;
  /** Ratio of operations that must succeed meanwhile; below 1. */
  readonly successRatio: number;
}

/** Operations that {@link loadOverBrokenPackets} calls. */
export const NEEDS = ['count', 'increment', 'read', 'write'] as const;

/** Characters of a large document: several packets, on loopback too. */
const LARGE = 90_000;
/** Rounds of load for the kernel's evidence to show. */
const ROUNDS = 5;

/**
 * Increments, large writes and reads while packets are hit: however TCP copes, no answer is wrong and no effect is lost
 * or doubled.
 */
export async function loadOverBrokenPackets({
  target,
  inject,
  load,
  config,
  fault,
  evidence,
  successRatio,
}: BrokenPackets): Promise<void> {
  const initial = await target.count(seeded.counter);
  const counted = { certain: 0, possible: 0 };
  const work = operations(target, counted);
  await load.warmUp(work);

  const unlessStarved = await notStarved(target);
  const before = tcpCounter(evidence);
  const broken = await inject(fault);
  // Chance decides which packets are hit: on a slow machine, few are on their way at a time.
  for (let round = 1; round <= ROUNDS; round++) {
    const during: LoadResult = await load.closed({
      ...work,
      concurrency: config.concurrentRequests,
      operations: Math.max(config.concurrentRequests * 2, minimumSamples(1 - successRatio)),
    });
    // What fails by time alone is judged where target and client got their share of the machine.
    const late = during.counts.timeout + during.counts.unavailable + during.counts.unknown;
    if (late > during.operations * (1 - successRatio) || during.latency.max > config.timeoutMs)
      await unlessStarved(`${late} of ${during.operations} operations were late, the slowest ${during.latency.max} ms`);
    expect(during).toHaveSuccessRatioAtLeast(successRatio);
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs });
    if (tcpCounter(evidence) > before) break;
    if (round === ROUNDS) test.inconclusive(`the kernel counted no ${evidence} in ${ROUNDS} rounds of load`);
  }
  await broken.heal();

  const count = () => target.count(seeded.counter);
  await expect(count).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads from PostgreSQL' });
  const made = (await count()) - initial;
  expect({ lost: Math.max(0, counted.certain - made), doubled: Math.max(0, made - counted.possible) }).toBeInvariant({
    lost: 0,
    doubled: 0,
  });
}

/** One operation in turn; `counted` has the increments that were acknowledged, and those that may have happened. */
function operations(target: SuiteTarget, counted: { certain: number; possible: number }) {
  const prefix = randomUUID();
  // A document is written by one worker at a time, so that a read has to find what was written last. It stays busy
  // after a failure: that write may still happen.
  const busy = new Set<string>();
  const writeAndRead = async (key: string, body: string): Promise<void> => {
    busy.add(key);
    await target.write(key, body);
    if ((await target.read(key)) !== body)
      throw new InvariantViolation(`The document ${key} was read other than it was written`);
    busy.delete(key);
  };
  return {
    async run({ worker, iteration }: { worker: number; iteration: number }): Promise<void> {
      const key = seeded.document((worker + iteration) % seeded.rows);
      // Several packets at a time: only then can they be reordered.
      if (worker % 2 === 0 && !busy.has(key))
        return writeAndRead(key, `${prefix} ${worker} ${iteration} ${'x'.repeat(LARGE)}`);
      counted.possible += 1;
      await target.increment(seeded.counter);
      counted.certain += 1;
    },
  };
}
