import { defineConfig } from 'vitest/config';

// Each test starts the service as a process of its own.
export default defineConfig({ test: { testTimeout: 20_000 } });
