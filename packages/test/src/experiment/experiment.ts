import {
  InvariantViolation,
  saysWrongData,
  type ActiveFault,
  type Fault,
  type LoadResult,
  type ResolvedConfig,
} from '@chaos/spec';
import type { OperationContext } from '@chaos/load';
import type { TestInfo } from '@chaos/runner';
import { expect } from '../expect/expect.js';
import type { Load } from '../fixtures/load.js';

/** One operation of the steady state, and what its right answers are. */
export interface SteadyState<T> {
  /** The work of a client, all the time. It has to succeed before the fault, and again after it. */
  readonly run: (context: OperationContext) => Promise<T>;
  /** True for a right answer; a wrong one fails the test, whenever it comes. Default: any answer is right. */
  readonly right?: (value: T) => boolean;
}

/** Options of `experiment()`. */
export interface ExperimentOptions<T, During = LoadResult> {
  /** The steady state: measured for the baseline, under the default load of `during`, and until it is back. */
  readonly steadyState: SteadyState<T>;
  /** Faults that are injected in this order, and healed in reverse. */
  readonly fault: Fault | readonly Fault[];
  /**
   * The work while the faults are in force. Default: `concurrent_requests` operations of the steady state, as many
   * at a time.
   */
  readonly during?: () => Promise<During>;
  /** Throws where something is not as it has to be. Judged before the faults, and after the recovery. */
  readonly invariants?: () => Promise<void> | void;
  /** Time for the steady state to be back after healing, ms. Default: `timeout_ms` of the configuration. */
  readonly recoverWithinMs?: number;
  /** Name of the part that recovers, for reports. Default: `steady state`. */
  readonly what?: string;
}

/** Figures of an experiment. */
export interface ExperimentResult<During> {
  /** The steady state before the faults, one operation at a time. */
  readonly baseline: LoadResult;
  /** The value that `during` resolved with. */
  readonly during: During;
  /** From healing until the steady state was back, ms. */
  readonly recoveryMs: number;
}

/**
 * Runs a chaos experiment: steady state, faults, what happens meanwhile, healing, recovery, invariants. Its figures are
 * in the result of the test, and in the reports.
 *
 * @throws AssertionError when the steady state does not hold before the faults, or does not come back in time.
 * @throws InvariantViolation when an answer was wrong, at whatever time.
 * @example
 * const { during } = await experiment({
 *   steadyState: { run: () => target.total(), right: (total) => total === 10_000 },
 *   fault: link('target', 'postgres').latency({ latencyMs: 200 }),
 * });
 * expect(during).toHaveErrorRatioBelow(0.01);
 */
export type Experiment = <T, During = LoadResult>(
  options: ExperimentOptions<T, During>,
) => Promise<ExperimentResult<During>>;

const BASELINE_OPERATIONS = 10;

/** The fixture: experiments of one test. */
export function createExperiment(
  {
    inject,
    load,
    config,
  }: {
    readonly inject: (fault: Fault) => Promise<ActiveFault>;
    readonly load: Load;
    readonly config: ResolvedConfig;
  },
  info: TestInfo,
): Experiment {
  return async <T, During = LoadResult>({
    steadyState,
    fault,
    during = () =>
      load.closed({
        ...steadyState,
        concurrency: config.concurrentRequests,
        operations: config.concurrentRequests,
      }) as Promise<never>,
    invariants = () => {},
    recoverWithinMs = config.timeoutMs,
    what = 'steady state',
  }: ExperimentOptions<T, During>): Promise<ExperimentResult<During>> => {
    const faults = Array.isArray(fault) ? (fault as readonly Fault[]) : [fault as Fault];
    await load.warmUp(steadyState);
    const baseline = await load.closed({ ...steadyState, concurrency: 1, operations: BASELINE_OPERATIONS });
    if (baseline.judged) expect(baseline).toHaveNoWrongResult();
    expect(baseline.counts, 'the steady state before any fault').toMatchObject({ ok: BASELINE_OPERATIONS });
    await invariants();

    const active: ActiveFault[] = [];
    for (const each of faults) active.push(await inject(each));
    const met = await during();
    if (isJudged(met)) expect(met as LoadResult).toHaveNoWrongResult();
    for (const each of active.reverse()) await each.heal();

    await recover(steadyState, { invariants, recoverWithinMs, what });
    const recoveryMs = info.recoveries.at(-1)?.recoveryMs ?? 0;
    info.chaos.noteExperiment({
      faults: faults.map(({ name }) => name),
      what,
      baseline: baseline.latency,
      ...(isLoad(met) && { during: { counts: met.counts, latency: met.latency } }),
      recoveryMs,
    });
    return { baseline, during: met, recoveryMs };
  };
}

async function recover<T>(
  { run, right }: SteadyState<T>,
  {
    invariants,
    recoverWithinMs,
    what,
  }: Required<Pick<ExperimentOptions<T>, 'invariants' | 'recoverWithinMs' | 'what'>>,
): Promise<void> {
  const rightAgain = async (context: OperationContext): Promise<void> => {
    const value = await run(context);
    if (right?.(value) === false)
      throw new InvariantViolation(`${what}: wrong answer after the recovery: ${JSON.stringify(value)}`);
  };
  const failure = await expect(rightAgain)
    .toRecoverWithin({ timeoutMs: recoverWithinMs, what })
    .then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
  // Wrong data weighs more than a late recovery.
  if (failure === undefined || !saysWrongData(failure.error)) await judged(invariants, failure);
  if (failure !== undefined) throw failure.error;
}

// Where the steady state is not back, an invariant that cannot be read says nothing new.
async function judged(invariants: () => Promise<void> | void, failure: object | undefined): Promise<void> {
  try {
    await invariants();
  } catch (error) {
    if (failure === undefined || saysWrongData(error)) throw error;
  }
}

function isLoad(value: unknown): value is LoadResult {
  return typeof value === 'object' && value !== null && 'latency' in value && 'counts' in value && 'judged' in value;
}

function isJudged(value: unknown): value is LoadResult {
  return isLoad(value) && value.judged && value.counts.ok + value.counts.wrong > 0;
}
