import { defineConfig } from 'vitest/config';

// Delays are measured: one file at a time.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    globalSetup: 'test/provide-nft.mjs',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
