import { defineConfig } from 'vitest/config';

// Black-box tests: they write files, run the built command, and check exit codes, output and leftover processes. `pnpm
// test` skips the slow ones, `pnpm test:slow` runs them; no test runs in both.

/** They take long: odd machines and users, hostile code, whole examples. */
const LONG = [
  'abuse/*.spec.ts',
  'caches.spec.ts',
  'experiment.spec.ts',
  'external.spec.ts',
  'fresh-clone.spec.ts',
  'history-fuzz.spec.ts',
  'hostile-report.spec.ts',
  'html-report.spec.ts',
  'hostile-values.spec.ts',
  'init.spec.ts',
  'injection.spec.ts',
  'machines.spec.ts',
  'order.spec.ts',
  'own-dependency.spec.ts',
  'own-service.spec.ts',
  'planted.spec.ts',
  'quarantine.spec.ts',
  'secrets-elsewhere.spec.ts',
  'test-record.spec.ts',
  'timeouts.spec.ts',
  'triage.spec.ts',
  'ui.spec.ts',
  'verdict-fuzz.spec.ts',
];
/** They measure, or load the machine. */
const ALONE = [
  'blocked-main.spec.ts',
  'delay-laws.spec.ts',
  'device-faults.spec.ts',
  'fleet-chaos.spec.ts',
  'fleet-store.spec.ts',
  'fleet.spec.ts',
  'kill.spec.ts',
  'leaks.spec.ts',
  'link-backends.spec.ts',
  'link-faults.spec.ts',
  'sandbox.spec.ts',
  'stress.spec.ts',
];
const SLOW = [...LONG, ...ALONE];
const { CHAOS_TESTS } = process.env;

export default defineConfig({
  test: {
    ...(CHAOS_TESTS !== 'slow' && { include: ['**/*.spec.ts'] }),
    exclude: ['**/node_modules/**', ...(CHAOS_TESTS === 'fast' ? SLOW : [])],
    globalSetup: '../packages/net-tc/test/provide-nft.mjs',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Most tests mostly wait, so two files run at a time.
    maxWorkers: 2,
    ...(CHAOS_TESTS === 'slow' && {
      projects: [
        { extends: true, test: { name: 'long', include: LONG, sequence: { groupOrder: 0 } } },
        { extends: true, test: { name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } } },
      ],
    }),
  },
});
