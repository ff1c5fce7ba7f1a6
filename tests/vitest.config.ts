import { defineConfig } from 'vitest/config';

// Black-box tests: they write files, run the built command, and check exit codes, output and leftover processes. `pnpm
// test` skips the slow ones, `pnpm test:slow` runs them; no test runs in both.
const SLOW = [
  'abuse/packed.spec.ts',
  'blocked-main.spec.ts',
  'delay-laws.spec.ts',
  'device-faults.spec.ts',
  'fresh-clone.spec.ts',
  'hostile-values.spec.ts',
  'history-fuzz.spec.ts',
  'kill.spec.ts',
  'leaks.spec.ts',
  'link-backends.spec.ts',
  'link-faults.spec.ts',
  'sandbox.spec.ts',
  'stress.spec.ts',
  'verdict-fuzz.spec.ts',
];
const { CHAOS_TESTS } = process.env;

export default defineConfig({
  test: {
    include: CHAOS_TESTS === 'slow' ? SLOW : ['**/*.spec.ts'],
    exclude: ['**/node_modules/**', ...(CHAOS_TESTS === 'fast' ? SLOW : [])],
    globalSetup: '../packages/net-tc/test/provide-nft.mjs',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Most tests mostly wait, so two files run at a time. Slow ones, and those that measure, get the whole machine.
    maxWorkers: 2,
    fileParallelism: CHAOS_TESTS !== 'slow',
  },
});
