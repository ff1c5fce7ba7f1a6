import { defineConfig } from 'vitest/config';

// Each test starts the service as its own process.
export default defineConfig({ test: { testTimeout: 20_000 } });
