import { defineConfig } from 'vitest/config';

// Black-box tests: they write files, run the built command, and look at exit codes, output and what is left of
// processes.
export default defineConfig({
  test: {
    include: ['**/*.spec.ts'],
    globalSetup: '../packages/net-tc/test/provide-nft.mjs',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Each starts servers and takes both cores of a small machine.
    fileParallelism: false,
  },
});
