import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  distributionTable,
  drawFromTable,
  formatDistributionTable,
  parseDistributionTable,
  toDistributionTable,
  type DistributionName,
} from './distribution-table.js';
import { createRandom } from './random.js';

const NAMES: readonly DistributionName[] = ['normal', 'pareto', 'paretonormal'];
const FOLDER = ['/usr/lib/x86_64-linux-gnu/tc', '/usr/lib/tc', '/usr/share/tc'].find((folder) =>
  existsSync(`${folder}/normal.dist`),
);

describe('distributionTable()', () => {
  it('is centred and scaled as the law says', () => {
    const moments = NAMES.map((name) => {
      const values = [...distributionTable(name)].map((value) => value / 8192);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
    });
    expect(moments).toEqual([
      [expect.closeTo(0, 3), expect.closeTo(1, 2)],
      // Shape 3 has 3/2 and sqrt(3)/2 before the stretch by 4/3; the cut at +4 takes from both.
      [expect.closeTo(-0.033, 2), expect.closeTo(0.82, 2)],
      [expect.closeTo(-0.025, 2), expect.closeTo(0.834, 2)],
    ]);
  });

  it.skipIf(FOLDER === undefined).each(NAMES)('%s agrees with the file of iproute2', (name) => {
    const ours = distributionTable(name);
    const theirs = parseDistributionTable(readFileSync(`${FOLDER}/${name}.dist`, 'utf8'));
    expect(theirs.length).toBe(ours.length);
    const apart = [...ours].map((value, index) => Math.abs(value - (theirs[index] as number))).sort((a, b) => a - b);
    expect(apart[Math.floor(apart.length * 0.98)]).toBeLessThanOrEqual(name === 'pareto' ? 0 : 80);
  });

  it('refuses a name it does not know', () => {
    expect(() => distributionTable('uniform' as 'normal')).toThrow('current name is "uniform"');
  });
});

describe('tables of your own', () => {
  it('survive being written and read', () => {
    const table = distributionTable('paretonormal');
    expect(parseDistributionTable(`# mine\n${formatDistributionTable(table)}`)).toEqual(table);
    expect(formatDistributionTable(toDistributionTable([1, -2]))).toBe(' 1 -2\n');
  });

  it('are refused with the value and its place', () => {
    expect(() => parseDistributionTable('1 2\n3 x4')).toThrow(
      new SyntaxError('Cannot read a distribution table: line 2 has "x4", it must be integers'),
    );
    expect(() => parseDistributionTable('# nothing\n')).toThrow('it has 0 entries');
    expect(() => toDistributionTable(7 as never)).toThrow(
      new TypeError('Cannot use a distribution table: current value is 7'),
    );
    expect(() => toDistributionTable([0, 40_000])).toThrow('entry 1 is 40000');
    expect(() => toDistributionTable(Array.from({ length: 16_385 }, () => 0))).toThrow('16385 entries');
  });
});

describe('drawFromTable()', () => {
  it('draws the mean and the deviation that were asked for', () => {
    const random = createRandom('table');
    const table = distributionTable('normal');
    const values = Array.from({ length: 20_000 }, () => drawFromTable(table, random, 50, 10));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean).toBeCloseTo(50, 0);
    expect(Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)).toBeCloseTo(10, 0);
    expect(drawFromTable(table, random, 7, 0)).toBe(7);
  });
});
