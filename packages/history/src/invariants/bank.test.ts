import { expect, it } from 'vitest';
import type { Operation } from '../operation.js';
import { record } from '../record.test.helper.js';
import { createBankChecker } from './bank.js';

it('judges a bank read by read', () => {
  const fault = { name: 'cut', startNs: 0, endNs: 2.5e6 };
  const stream = createBankChecker({ total: 10, faults: () => [fault] });
  expect(stream.verdict().valid).toBe('unknown');
  const [right, transfer, wrong] = record([
    [0, 'read', { a: 5, b: 5 }, 0, 1],
    [1, 'transfer', { from: 'a', to: 'b', amount: 1 }, 1.5, 1.6],
    [1, 'read', { a: 5, b: 4 }, 2, 3],
  ]).operations;
  expect(stream.add(right as Operation)).toBe(undefined);
  expect(stream.verdict().valid).toBe('unknown');
  expect(stream.add(transfer as Operation)).toBe(undefined);
  expect(stream.verdict().valid).toBe(true);
  expect(stream.add(wrong as Operation)).toMatchObject({
    valid: false,
    anomalies: [{ type: 'wrong-total', operations: [wrong], faults: [fault] }],
    coverage: { reads: 2, wrongReads: 1 },
  });
});
