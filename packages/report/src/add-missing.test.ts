import { expect, test } from 'vitest';
import { addMissing } from './add-missing.js';

test('adds what is not there yet, in order, and each only once', () => {
  const list = [{ type: 'issue', description: '1' }, { type: 'slow' }];
  addMissing(list, [
    { type: 'slow' },
    { type: 'issue', description: '2' },
    { type: 'issue', description: '1' },
    { type: 'issue', description: '2' },
    { type: 'issue' },
  ]);
  expect(list).toEqual([
    { type: 'issue', description: '1' },
    { type: 'slow' },
    { type: 'issue', description: '2' },
    { type: 'issue' },
  ]);
});

test('20,000 of them take no time', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => ({ type: `t${index}`, description: 'same' }));
  const list = [...many];
  const start = performance.now();
  addMissing(list, [...many, { type: 'new', description: 'same' }]);
  // Comparing each with each takes seconds.
  expect(performance.now() - start).toBeLessThan(500);
  expect(list).toHaveLength(20_001);
});
