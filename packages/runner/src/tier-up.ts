import { setFlagsFromString } from 'node:v8';

// Six times V8's own figure, or fifteen times in the units of newer versions. A version that does not know a flag does
// not start.
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  20: ['--interrupt-budget=400000'],
  22: ['--invocation-count-for-turbofan=45000'],
  24: ['--invocation-count-for-turbofan=45000'],
};

/**
 * Flags for processes that run tests. V8 11 (Node 20) optimises a function after some hundred kilobytes of executed
 * bytecode, newer versions after some thousand calls. A run of short tests ends before that pays: optimisation took a
 * third of its processor time on Node 20, a tenth on newer versions. Code that runs for seconds is optimised a little
 * later.
 */
export const tierUpFlags: readonly string[] = FLAGS[process.versions.node.split('.')[0] ?? ''] ?? [];

/** The same for this process. */
export function tierUpLater(): void {
  for (const flag of tierUpFlags) setFlagsFromString(flag);
}
