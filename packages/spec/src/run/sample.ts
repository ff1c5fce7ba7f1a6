/**
 * Subject of a sample: the machine, or one process with all its descendants. `target-0` is the process of the slot
 * fixture `target` in the first slot.
 */
export type SampleScope = 'host' | 'main' | `slot-${number}` | `worker-${number}` | `${string}-${number}`;

/** One reading of one scope. Ratios are 0…1; a value that the machine does not report is absent. */
export interface Sample {
  readonly scope: SampleScope;
  /** Milliseconds since the Unix epoch. */
  readonly timeMs: number;
  /** CPUs in use since the last sample (1 = one whole CPU). */
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly descriptors?: number;
  readonly sockets?: number;
  readonly processes?: number;
  /**
   * Time that the main threads of its processes were ready to run and waited for a CPU, per time: 1 = one of them
   * waited all the time.
   */
  readonly runQueueWait?: number;
  /** Event loop delay p99 since the last sample (workers and slots only). */
  readonly eventLoopDelayMs?: number;
  readonly gcMs?: number;
  /** Host only: CPUs used by processes that are not ours. */
  readonly othersCpus?: number;
  /** Host only: share of CPU time taken by the hypervisor. */
  readonly stealRatio?: number;
  /** Host only: share of CFS periods in which our cgroup was throttled. */
  readonly throttledRatio?: number;
  /** Host only: share of time in which some task waited (PSI). */
  readonly pressure?: {
    readonly cpu?: number;
    readonly memory?: number;
    readonly io?: number;
  };
  /** Host only: share of usable memory that is used. */
  readonly memoryRatio?: number;
}

/** Verdict on whether other programs made timing meaningless. */
export interface OverloadVerdict {
  readonly overloaded: boolean;
  /** Empty when not overloaded. */
  readonly reason: string;
  readonly sinceMs?: number;
}

/** Samples of one attempt, summarized. */
export interface SampleSummary {
  readonly count: number;
  readonly overloaded: boolean;
  readonly overloadReason?: string;
  /** Mean and maximum by scope and figure. */
  readonly scopes: Readonly<Record<string, Readonly<Record<string, { readonly mean: number; readonly max: number }>>>>;
}

/** Speed of the machine and competition for it, as measured before the run. */
export interface CalibrationFacts {
  /** CPU speed relative to the reference machine: 0.5 = half as fast. */
  readonly speed: number;
  /** Wall time over CPU time of the same work: 1 = no other process competed. */
  readonly contention: number;
  /** Factor that stretched the deadlines of the run. */
  readonly deadlineFactor: number;
}

/** The part of the machine in the result of an attempt: what a slow or busy machine may explain. */
export interface MachineFacts {
  /** True if other programs made timing meaningless during the attempt. */
  readonly overloaded: boolean;
  /** Reason of the overload. */
  readonly overloadReason?: string;
  /**
   * Time that main threads were ready to run and waited for a CPU during the attempt, ms, by scope: the worker, the
   * slot and the processes of its fixtures. Empty if the attempt was shorter than the monitor's interval.
   */
  readonly runQueueWaitMs: Readonly<Record<string, number>>;
  /** Absent if the machine was not calibrated. */
  readonly calibration?: CalibrationFacts;
}
