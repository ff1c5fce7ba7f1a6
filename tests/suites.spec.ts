import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const SMALL = ['read', 'write', 'count', 'increment', 'transfer', 'health'];

interface Listed {
  readonly chaosId: string;
  readonly category: string;
  readonly needs?: readonly string[];
  readonly unmet?: string;
}

const { tests } = JSON.parse(
  execFileSync(process.execPath, ['packages/cli/dist/bin.cjs', 'list', '--json'], { cwd: ROOT, encoding: 'utf8' }),
) as { tests: readonly Listed[] };

test('every test of the suites declares its needs, and our driver has them all', () => {
  expect(tests.length).toBeGreaterThan(0);
  expect(tests.filter(({ needs }) => needs === undefined).map(({ chaosId }) => chaosId)).toEqual([]);
  expect(tests.flatMap(({ unmet }) => unmet ?? [])).toEqual([]);
});

test('a driver with six operations runs at least half of the tests of each category', () => {
  const categories = [...new Set(tests.map(({ category }) => category))];
  const shares = categories.map((category) => {
    const all = tests.filter((each) => each.category === category);
    const small = all.filter(({ needs = [] }) => needs.every((name) => SMALL.includes(name)));
    return { category, isEnough: small.length * 2 >= all.length };
  });
  expect(shares.filter(({ isEnough }) => !isEnough)).toEqual([]);
  expect(shares.map(({ category }) => category).sort()).toEqual([
    'auth',
    'cache',
    'concurrency',
    'database',
    'network',
    'resource',
  ]);
});

test('nothing that is shipped names the sample service', () => {
  const suites = join(ROOT, 'suites');
  const files = readdirSync(suites, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.includes('node_modules') && !file.startsWith('drivers/sample-service'),
  );
  expect(files.filter((file) => /sample.service/i.test(readFileSync(join(suites, file), 'utf8')))).toEqual([]);
});
