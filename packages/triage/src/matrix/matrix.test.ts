import { expect, test } from 'vitest';
import { cellOf, defectOf, isCaught, partOf } from './detection.js';
import { detectionMarkdown } from './detection-markdown.js';
import { attempt } from '../fixture.test.fixture.js';

test('failures of others than the target catch nothing', () => {
  const attempts = [
    attempt(),
    attempt({ status: 'failed', failureClass: 'invariant' }),
    attempt({ status: 'timedOut', failureClass: 'timeout' }),
    attempt({ status: 'failed', failureClass: 'environment' }),
    attempt({ status: 'failed', failureClass: 'fault' }),
    attempt({ status: 'skipped' }),
    attempt({ status: 'interrupted' }),
  ];
  expect(cellOf(attempts)).toEqual({ caught: 2, silent: 1, inconclusive: 4 });
  // The target did not start: no attempt at all.
  expect(cellOf([], 3)).toEqual({ caught: 0, silent: 0, inconclusive: 3 });
});

test('caught is what is caught nine times of ten', () => {
  expect(isCaught({ caught: 9, silent: 1, inconclusive: 5 })).toBe(true);
  expect(isCaught({ caught: 8, silent: 2, inconclusive: 0 })).toBe(false);
  expect(isCaught({ caught: 0, silent: 0, inconclusive: 3 })).toBe(false);
});

test('a page has a table for each part, and what each test alone catches', () => {
  const tests = [
    { chaosId: 'A1', titlePath: ['a'], category: 'auth', catches: ['open', 'shared'] },
    { chaosId: 'A2', titlePath: ['b'], category: 'auth', catches: ['shared'] },
    { chaosId: 'C1', titlePath: ['c'], category: 'cache', catches: ['shared'] },
  ];
  expect([partOf('shared', tests), partOf('open', tests), partOf('nobody', tests)]).toEqual(['auth', 'auth', '']);
  const [yes, no, some] = [
    { caught: 1, silent: 0, inconclusive: 0 },
    { caught: 0, silent: 1, inconclusive: 0 },
    { caught: 1, silent: 3, inconclusive: 0 },
  ];
  const page = detectionMarkdown(
    {
      schemaVersion: 1,
      productVersion: '1.2.3',
      commit: '',
      defects: {
        open: defectOf('auth', { A2: yes, A1: yes }),
        shared: defectOf('auth', { A1: no, A2: some, C1: yes }),
        'no | one': defectOf('', {}),
      },
    },
    tests,
  );
  expect(page).toContain(
    '| defect | A1 | A2 | C1 |\n|---|---|---|---|\n| `open` | ● | + |  |\n| `shared` | · | ◐ 1/4 | ● |',
  );
  expect(page).toContain(String.raw`- ` + '`no \\| one`');
  expect(page).toContain('2 of 3 are caught by a test that names them');
  expect(page).toContain('| A1 | `open` |  |\n| A2 | `open` |  |\n| C1 | `shared` | `shared` |');
});
