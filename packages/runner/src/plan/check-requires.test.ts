import { expect, test } from 'vitest';
import { checkRequires } from './check-requires.js';

const requiring = (...requires: readonly string[]): Parameters<typeof checkRequires>[0][number] => ({
  requires,
  titlePath: ['group', 'test'],
  location: { file: '/work/a.chaos.ts', line: 3, column: 1 },
});

test('names what is misspelt, where, and what was meant', () => {
  expect(() => checkRequires([requiring('nft', 'netm'), requiring('zzz')], ['nft', 'netem'], '/work')).toThrow(
    expect.objectContaining({
      code: 'USAGE',
      message: expect.stringMatching(
        /^Cannot run .*\na\.chaos\.ts:3:1: "group › test" requires "netm", .*: did you mean "netem"\?\na\.chaos\.ts:3:1: .* "zzz", which is no capability$/,
      ),
      hint: 'Capabilities are nft, netem.',
    }),
  );
});

test('takes what is known, and tests that require nothing', () => {
  expect(() => checkRequires([requiring('nft'), requiring()], ['nft'], '/work')).not.toThrow();
});
