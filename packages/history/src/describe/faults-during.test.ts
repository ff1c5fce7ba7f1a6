import { describe, expect, it } from 'vitest';
import { faultsDuring } from './faults-during.js';
import type { Operation } from '../operation.js';

const operation = (invokedNs: number, completedNs: number): Operation => ({
  process: 0,
  f: 'read',
  type: completedNs === Infinity ? 'info' : 'ok',
  value: null,
  invoked: invokedNs,
  completed: completedNs,
  invokedNs,
  completedNs,
});
const faults = [
  { name: 'cut', startNs: 10, endNs: 20 },
  { name: 'slow', startNs: 30, endNs: Infinity },
];
const names = (...operations: Operation[]): string[] => faultsDuring(faults, operations).map(({ name }) => name);

describe('faultsDuring()', () => {
  it('names the faults that overlap an operation', () => {
    expect(names(operation(1, 9))).toEqual([]);
    expect(names(operation(1, 10))).toEqual(['cut']);
    expect(names(operation(20, 29))).toEqual(['cut']);
    expect(names(operation(21, 29), operation(40, 41))).toEqual(['slow']);
    expect(names(operation(5, 50))).toEqual(['cut', 'slow']);
  });

  it('lets an operation without an end last as long as the others', () => {
    expect(names(operation(5, Infinity))).toEqual([]);
    expect(names(operation(5, Infinity), operation(12, 14))).toEqual(['cut']);
    expect(names(operation(5, Infinity), operation(22, 25))).toEqual(['cut']);
  });
});
