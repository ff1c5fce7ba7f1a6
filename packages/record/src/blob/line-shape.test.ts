import { expect, test } from 'vitest';
import { shapeProblem } from './line-shape.js';

const attempt = {
  testId: 'a',
  retry: 0,
  status: 'passed',
  startMs: 1,
  durationMs: 1,
  workerIndex: 0,
  parallelIndex: 0,
  errors: [{}],
  steps: [],
  attachments: [],
  annotations: [],
  stdout: ['x'],
  stderr: [],
  phases: [],
  faults: [],
  recoveries: [],
  loads: [],
};

test('takes what a run writes, and types of a newer version', () => {
  expect(shapeProblem({ type: 'test-end', attempt, outcome: 'expected' })).toBeUndefined();
  expect(shapeProblem({ type: 'test-end', attempt })).toBeUndefined();
  expect(shapeProblem({ type: 'of-tomorrow', what: null })).toBeUndefined();
});

test.each([
  [null, 'it is null, not an object'],
  [[], 'it is a list, not an object'],
  [{}, 'its type is missing, not a text'],
  [{ type: 'test-end' }, 'test-end.attempt is missing, not an object'],
  [{ type: 'test-end', attempt: { testId: 'a' } }, 'test-end.attempt.retry is missing, not a number'],
  [
    { type: 'test-end', attempt: { ...attempt, attachments: {} } },
    'test-end.attempt.attachments is an object, not a list',
  ],
  [
    { type: 'test-end', attempt: { ...attempt, attachments: [{ name: 'x', contentType: 'y', path: 1 }] } },
    'test-end.attempt.attachments[0].path is 1, not a text',
  ],
  [{ type: 'test-end', attempt: { ...attempt, stdout: [null] } }, 'test-end.attempt.stdout[0] is null, not a text'],
  [
    { type: 'test-end', attempt: { ...attempt, errors: ['boom'] } },
    'test-end.attempt.errors[0] is "boom", not an object',
  ],
  [{ type: 'blob-tests', tests: [{ id: 'a' }] }, 'blob-tests.tests[0].title is missing, not a text'],
  [{ type: 'run-start', runId: 'r', startMs: 1, argv: [] }, 'run-start.config is missing, not an object'],
  [{ type: 'slot-state', slot: '0', state: 'up' }, 'slot-state.slot is "0", not a number'],
  [JSON.parse('{"type":"run-error","__proto__":{"error":{}}}'), 'run-error.error is missing, not an object'],
])('%j', (line, problem) => {
  expect(shapeProblem(line)).toBe(problem);
});
