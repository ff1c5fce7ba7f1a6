import type { OverloadVerdict } from '@chaos/spec';

/** Thresholds at which other programs make timing meaningless. */
export interface OverloadLimits {
  /**
   * Share of the CPU time left over by our own processes that other programs (and the hypervisor) use. Default 0.95.
   */
  readonly othersRatio: number;
  /**
   * Other programs must use at least this share of all CPUs: if we fill the machine ourselves, little is left and soon
   * used up. Default 0.25.
   */
  readonly othersFloorRatio: number;
  /** Share of usable memory. Default 0.9. */
  readonly memoryRatio: number;
  /** Share of CFS periods in which our cgroup was throttled. Default 0.5. */
  readonly throttledRatio: number;
  /** Number of consecutive samples over a limit… Default 3. */
  readonly samples: number;
  /** …and their duration, ms. Default 1000. */
  readonly sustainedMs: number;
}

/** The defaults of {@link OverloadLimits}. */
export const OVERLOAD_LIMITS: OverloadLimits = {
  othersRatio: 0.95,
  othersFloorRatio: 0.25,
  memoryRatio: 0.9,
  throttledRatio: 0.5,
  samples: 3,
  sustainedMs: 1000,
};

/** A reading of the machine. */
export interface HostReading {
  readonly timeMs: number;
  readonly cpus?: number | undefined;
  readonly othersCpus?: number | undefined;
  readonly stealRatio?: number | undefined;
  readonly throttledRatio?: number | undefined;
  readonly memoryRatio?: number | undefined;
}

const FINE: OverloadVerdict = { overloaded: false, reason: '' };
const percent = (ratio: number): string => `${Math.round(100 * ratio)} %`;

/** Judges readings in order. One bad reading changes nothing; neither does one good reading after many bad ones. */
export class OverloadJudge {
  readonly #cpus: number;
  readonly #limits: OverloadLimits;
  #verdict: OverloadVerdict = FINE;
  #run = { bad: false, count: 0, sinceMs: 0 };

  constructor(cpus: number, limits: OverloadLimits = OVERLOAD_LIMITS) {
    this.#cpus = cpus;
    this.#limits = limits;
  }

  get verdict(): OverloadVerdict {
    return this.#verdict;
  }

  /** The verdict after this reading; the same object as before if nothing has changed. */
  judge(reading: HostReading, intervalMs: number): OverloadVerdict {
    const reason = this.#reason(reading);
    const bad = reason !== '';
    // A reading covers the interval before it.
    this.#run =
      bad === this.#run.bad
        ? { ...this.#run, count: this.#run.count + 1 }
        : { bad, count: 1, sinceMs: reading.timeMs - intervalMs };
    const sustained =
      this.#run.count >= this.#limits.samples && reading.timeMs - this.#run.sinceMs >= this.#limits.sustainedMs;
    if (bad !== this.#verdict.overloaded && sustained)
      this.#verdict = bad ? { overloaded: true, reason, sinceMs: this.#run.sinceMs } : FINE;
    return this.#verdict;
  }

  #reason({ cpus = 0, othersCpus = 0, stealRatio = 0, throttledRatio = 0, memoryRatio = 0 }: HostReading): string {
    const limits = this.#limits;
    const foreign = othersCpus + stealRatio * this.#cpus;
    const left = Math.max(0, this.#cpus - Math.max(0, cpus - othersCpus));
    if (foreign > limits.othersRatio * left && foreign >= limits.othersFloorRatio * this.#cpus) {
      const stolen = stealRatio > 0.01 ? `, ${percent(stealRatio)} stolen by the hypervisor` : '';
      return `others use ${Math.min(foreign, left).toFixed(1)} of the ${left.toFixed(1)} CPUs that we leave${stolen}`;
    }
    if (memoryRatio > limits.memoryRatio) return `${percent(memoryRatio)} of memory is in use`;
    return throttledRatio > limits.throttledRatio
      ? `our cgroup was throttled in ${percent(throttledRatio)} of its periods`
      : '';
  }
}
