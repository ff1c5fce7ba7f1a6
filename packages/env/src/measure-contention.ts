/** One reading of the machine's speed and of the competition for it. */
export interface ContentionReading {
  readonly cpuMs: number;
  readonly wallMs: number;
  /** 1 = the reference machine; 0.5 = half as fast. By CPU time, so that competition does not count. */
  readonly speed: number;
  /**
   * Wall time over CPU time: 1 = the CPU was ours alone; 2 = half of the time others had it, or the quota was used up.
   */
  readonly contention: number;
}

const ROUNDS = 2_000_000;

/**
 * CPU time of one {@link fixedWork} on the reference machine: a virtual CPU of an AMD EPYC (Zen 5, 2.6 GHz nominal)
 * with Node 20.20, medians of 40 runs on the idle machine. Changing it changes every `speed`; it is a unit, not a
 * target.
 */
export const REFERENCE_CPU_MS = 4.6;

let sink = 0;

/** The same integer work each time: xorshift and multiply, no memory, no allocation. A few milliseconds. */
export function fixedWork(): void {
  let state = 0x9e3779b9 | 0;
  for (let round = 0; round < ROUNDS; round++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state = Math.imul(state, 0x85ebca6b);
  }
  // Used, so that the loop cannot be optimised away.
  sink ^= state;
}

/**
 * Does the fixed work once, blocking for a few milliseconds, and compares the CPU time it took with the wall time.
 * One reading is coarse; take several, or `calibrate()`. In a busy process other threads' CPU time counts as well.
 */
export function measureContention(): ContentionReading {
  const cpuBefore = process.cpuUsage();
  const wallBefore = performance.now();
  fixedWork();
  const wallMs = performance.now() - wallBefore;
  const { user, system } = process.cpuUsage(cpuBefore);
  return reading((user + system) / 1000, wallMs);
}

/**
 * Boils sums of CPU and wall time of `count` works down. CPU time beyond wall time is other threads' and cuts
 * contention off at 1. A kernel that counts CPU time in ticks may have counted none: then wall time stands for it, and
 * nothing is known of contention.
 */
export function reading(cpuMs: number, wallMs: number, count = 1): ContentionReading {
  const usedMs = cpuMs > 0 ? cpuMs : wallMs;
  return { cpuMs, wallMs, speed: (REFERENCE_CPU_MS * count) / usedMs, contention: Math.max(1, wallMs / usedMs) };
}
