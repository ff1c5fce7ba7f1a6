import { defineConfig } from 'vitest/config';

// Black-box tests: they write files, run the built command, and look at exit codes, output and what is left of
// processes.
// `pnpm test` leaves out what takes long, `pnpm test:slow` runs it; both run nothing twice.
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
    // Most wait for most of their time. Those that take long, or measure, have the machine for themselves.
    maxWorkers: 2,
    fileParallelism: CHAOS_TESTS !== 'slow',
  },
});
