import { setFlagsFromString } from 'node:v8';

// Six times, or in the units of newer versions fifteen times, V8's own figure. A version that does not know a flag does
// not start.
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  20: ['--interrupt-budget=400000'],
  22: ['--invocation-count-for-turbofan=45000'],
  24: ['--invocation-count-for-turbofan=45000'],
};

/**
 * For the command line of processes that run tests. V8 11 (Node 20) optimises a function once it has run some hundred
 * kilobytes of bytecode, newer versions once it was called some thousand times. A run of short tests is over before
 * that pays: a third of its processor time went into it on Node 20, a tenth on newer ones. What runs for seconds is
 * optimised a little later.
 */
export const tierUpFlags: readonly string[] = FLAGS[process.versions.node.split('.')[0] ?? ''] ?? [];

/** The same for this process. */
export function tierUpLater(): void {
  for (const flag of tierUpFlags) setFlagsFromString(flag);
}
