import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Attempt } from '@chaos/spec';
import { expect, test } from 'vitest';
import { AttemptStore } from './attempt-store.js';

const attempt = (testId: string, more: Partial<Attempt>): Attempt => ({
  testId,
  retry: 0,
  status: 'failed',
  startMs: 0,
  durationMs: 1,
  workerIndex: 0,
  parallelIndex: 0,
  seed: 's',
  errors: [],
  steps: [],
  attachments: [],
  annotations: [],
  stdout: [],
  stderr: [],
  phases: [],
  faults: [],
  recoveries: [],
  loads: [],
  ...more,
});
const failure: Partial<Attempt> = { errors: [{ message: 'it broke €', stack: 'x'.repeat(400) }] };

test('what does not fit into memory comes back from the disk, in any order', () => {
  const store = new AttemptStore(5000);
  const attempts = Array.from({ length: 50 }, (_, index) =>
    attempt(`t${index} €`, index % 2 === 0 ? failure : { stdout: ['x'.repeat(index * 100)] }),
  );
  const stored = attempts.map((one) => store.put(one));
  expect(stored[0]).toBe(attempts[0]);
  expect(stored.filter((one) => 'offset' in one).length).toBeGreaterThan(40);
  for (const index of [49, 0, 25, 10, 48]) expect(store.get(stored[index]!)).toEqual(attempts[index]);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('chaos-report-'))).toEqual([]);
  store.close();
  store.close();
});
