import { expect, test } from 'vitest';
import type { ProjectConfig } from '@chaos/spec';
import { planPhases } from './phases.js';

function project(name: string, dependencies: readonly string[] = [], teardown?: string): ProjectConfig {
  return {
    name,
    givenName: name,
    dependencies,
    teardown,
    testDir: '/',
    testMatch: [],
    testIgnore: [],
    retries: 0,
    retryPolicy: {
      count: 0,
      delayMs: 0,
      backoff: 1,
      jitter: 0,
      timeoutFactor: 1,
      placement: 'immediate',
      isolation: 'same',
    },
    testTimeoutMs: 1,
    repeatEach: 1,
    repeatEachAsDependency: 1,
    fullyParallel: false,
    grep: undefined,
    grepInvert: undefined,
    metadata: {},
    outputDir: '/',
    workers: undefined,
    expect: { timeoutMs: 1, toPass: { timeoutMs: 0, intervalsMs: [1] } },
  };
}

const namesOf = (...projects: readonly ProjectConfig[]): string[][] =>
  planPhases(new Set(projects)).map((phase) => phase.projects.map(({ name }) => name));

test('a teardown waits for all that rests on what it cleans up, whatever the order of declaration', () => {
  const all = [
    project('main', ['prepare']),
    project('prepare', [], 'clean'),
    project('clean'),
    project('late', ['main']),
  ];
  expect(namesOf(...all)).toEqual([['prepare'], ['main'], ['late'], ['clean']]);
  expect(namesOf(...all.toReversed())).toEqual([['prepare'], ['main'], ['late'], ['clean']]);
});

test('projects that do not rest on each other run together', () => {
  expect(namesOf(project('a'), project('b'), project('c', ['a', 'b']))).toEqual([['a', 'b'], ['c']]);
});
