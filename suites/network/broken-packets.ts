import { randomUUID } from 'node:crypto';
import {
  expect,
  InvariantViolation,
  minimumSamples,
  seeded,
  test,
  type ActiveFault,
  type Fault,
  type Load,
  type ResolvedConfig,
  type SampleTarget,
} from '@chaos/suite-drivers';
import { tcpCounter, type TcpCounter } from './tcp-counters.js';

/** Context of a test with packet faults. */
export interface BrokenPackets {
  readonly target: SampleTarget;
  readonly inject: (fault: Fault) => Promise<ActiveFault>;
  readonly load: Load;
  readonly config: ResolvedConfig;
  readonly fault: Fault;
  /** The kernel's evidence that packets were hit. */
  readonly evidence: TcpCounter;
  /** Ratio of operations that must succeed meanwhile; below 1. */
  readonly successRatio: number;
}

/** Characters of a large document: several packets, on loopback too. */
const LARGE = 200_000;
/** Rounds of load for the kernel's evidence to show. */
const ROUNDS = 5;

/**
 * Transfers, large writes and reads of the total while packets are hit: however TCP copes, no answer is wrong and no
 * effect is lost or doubled.
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
  const rows = seeded.rows({ config });
  const total = await target.total();
  const prefix = randomUUID();
  const work = {
    async run({ worker, iteration }: { worker: number; iteration: number }): Promise<number> {
      if (worker % 3 === 0) return target.total();
      // Several packets at a time: only then can they be reordered.
      if (worker % 3 === 1) {
        const body = `${prefix} ${worker} ${iteration} ${'x'.repeat(LARGE)}`;
        const written = await target.write(seeded.document(worker % rows), body);
        if (written.body !== body) throw new InvariantViolation('A document was written other than it was sent');
        return total;
      }
      const index = (worker * 31 + iteration) % rows;
      const { amount } = await target.transfer(seeded.account(index), seeded.account((index + 1) % rows), 1, {
        key: `${prefix}-${worker}-${iteration}`,
      });
      if (amount !== 1) throw new InvariantViolation(`A transfer of 1 was answered as one of ${amount}`);
      return total;
    },
    right: (value: number) => value === total,
  };
  await load.warmUp(work);

  const before = tcpCounter(evidence);
  const broken = await inject(fault);
  // Chance decides which packets are hit: on a slow machine, few are on their way at a time.
  for (let round = 1; round <= ROUNDS; round++) {
    const during = await load.closed({
      ...work,
      concurrency: config.concurrentRequests,
      operations: Math.max(config.concurrentRequests * 2, minimumSamples(1 - successRatio)),
    });
    expect(during.counts.wrong).toBeInvariant(0);
    expect(during).toHaveSuccessRatioAtLeast(successRatio);
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs });
    if (tcpCounter(evidence) > before) break;
    if (round === ROUNDS) test.inconclusive(`the kernel counted no ${evidence} in ${ROUNDS} rounds of load`);
  }
  await broken.heal();

  await expect(() => target.total()).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads from PostgreSQL' });
  expect(await target.total()).toConserve(total);
}
