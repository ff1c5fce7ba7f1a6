import { expect, test } from 'vitest';
import { parseYaml } from './parse-yaml.js';

async function problems(text: string): Promise<readonly string[]> {
  const parsed = await parseYaml(text, 'chaos.yaml');
  return 'problems' in parsed ? parsed.problems : [];
}

test.each([
  ['an anchor inside of itself', 'metadata: &m\n  self: *m\n', /^chaos\.yaml:2:9: .*&m contains itself/],
  ['a deeper one', 'a: &a\n  b: [{ c: *a }]\n', /^chaos\.yaml:2:\d+: .*contains itself/],
  ['an anchor that is not there', 'a: *b\n', /^chaos\.yaml:1:4: /],
  ['an unknown tag', 'a: !!js/function "x"\n', /^chaos\.yaml:1:4: /],
  ['a tag of nobody', 'a:\n  b: !secret x\n', /^chaos\.yaml:2:6: /],
  ['a NUL', 'a: 1\nb: x\0y\n', /^chaos\.yaml:2:5: .*NUL/],
  ['a second document', 'a: 1\n---\nb: 2\n', /^chaos\.yaml:2:1: .*one document is allowed/],
  ['a key twice', 'a: 1\nb: 2\na: 3\n', /^chaos\.yaml:3:1: .*"a" stands here a second time/],
  ['brackets without end', `a: ${'['.repeat(20_000)}`, /^chaos\.yaml:1:\d+: /],
])('%s is told with its place', async (_, text, told) => {
  expect((await problems(text))[0]).toMatch(told);
});

test('aliases of aliases are counted, not written out', async () => {
  const lines = Array.from({ length: 9 }, (_, index) =>
    index === 0 ? '  a0: &a0 [x,x,x,x,x,x,x,x,x]' : `  a${index}: &a${index} [${`*a${index - 1},`.repeat(9)}]`,
  );
  const [problem, ...others] = await problems(`metadata:\n${lines.join('\n')}\n`);
  expect(problem).toMatch(/^chaos\.yaml:5:\d+: .*more than 1000 values/);
  expect(others).toEqual([]);
});

test('aliases and merges that end are what they stand for', async () => {
  const parsed = await parseYaml('a: &a { x: 1 }\nb: { <<: *a, y: 2 }\nc: [*a, *a]\n', 'chaos.yaml');
  if ('problems' in parsed) throw new Error(parsed.problems.join());
  expect(Object.keys((parsed.data as { b: object }).b)).toEqual(['x', 'y']);
});

test('keys are names, as they are written', async () => {
  const parsed = await parseYaml('0042: a\n1.10: b\ntrue: c\n', 'chaos.yaml');
  expect('data' in parsed && parsed.data).toEqual({ '0042': 'a', '1.10': 'b', true: 'c' });
});
