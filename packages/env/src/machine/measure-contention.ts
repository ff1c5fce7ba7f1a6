/** One reading of the machine's speed and of the competition for it. */
export interface ContentionReading {
  readonly cpuMs: number;
  readonly wallMs: number;
  /** 1 = the reference machine; 0.5 = half as fast. Computed from CPU time, so competition does not count. */
  readonly speed: number;
  /**
   * Wall time over CPU time: 1 = we had the CPU alone; 2 = other processes had it half of the time, or the quota was
   * used up.
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

/**
 * Runs the same integer workload each time: xorshift and multiply, no memory, no allocation. Takes a few milliseconds.
 */
export function fixedWork(): void {
  let state = 0x9e3779b9 | 0;
  for (let round = 0; round < ROUNDS; round++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state = Math.imul(state, 0x85ebca6b);
  }
  // Use the result, so that the loop cannot be optimised away.
  sink ^= state;
}

/**
 * Runs the fixed workload once, blocking for a few milliseconds, and compares its CPU time with its wall time. One
 * reading is coarse; take several, or `calibrate()`. In a busy process the CPU time of other threads counts as well.
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
 * Turns the total CPU and wall time of `count` workloads into a reading. CPU time beyond wall time comes from other
 * threads, so contention is at least 1. A kernel that counts CPU time in ticks may have counted none: then wall time
 * stands in for it, and contention is unknown.
 */
export function reading(cpuMs: number, wallMs: number, count = 1): ContentionReading {
  const usedMs = cpuMs > 0 ? cpuMs : wallMs;
  return { cpuMs, wallMs, speed: (REFERENCE_CPU_MS * count) / usedMs, contention: Math.max(1, wallMs / usedMs) };
}
