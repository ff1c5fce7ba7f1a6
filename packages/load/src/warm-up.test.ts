import { OperationError } from '@chaos/spec';
import { expect, it } from 'vitest';
import { warmUp } from './warm-up.js';

it('warmUp() runs its operations and forgives some failures', async () => {
  const result = await warmUp({
    run: async ({ worker }) => (worker === 0 ? Promise.reject(new OperationError('unavailable', 'cold')) : worker),
  });
  expect(result.operations).toBe(20);
  expect(result.counts.ok).toBeGreaterThan(0);
});

it('warmUp() throws when nothing works', async () => {
  const attempt = warmUp({
    run: () => Promise.reject(new OperationError('unavailable', 'down')),
    operations: 3,
    concurrency: 1,
  });
  await expect(attempt).rejects.toMatchObject({
    code: 'WARM_UP_FAILED',
    message: 'Cannot warm up: 3 of 3 operations failed (unavailable: OperationError: down)',
  });
  await expect(warmUp({ run: async () => 5, right: (value) => value === 6, operations: 2 })).rejects.toThrow(
    '(wrong: 5)',
  );
});
