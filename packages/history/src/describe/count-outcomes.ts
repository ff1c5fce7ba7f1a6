import type { Operation } from '../operation.js';

/** Counts operations by outcome: the part of a verdict's coverage that every checker has. */
export function countOutcomes(operations: readonly Operation[]): {
  operations: number;
  ok: number;
  fail: number;
  info: number;
} {
  let ok = 0;
  let fail = 0;
  for (const { type } of operations) {
    if (type === 'ok') ok++;
    else if (type === 'fail') fail++;
  }
  return { operations: operations.length, ok, fail, info: operations.length - ok - fail };
}
