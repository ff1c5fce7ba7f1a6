import * as v from 'valibot';
import { named, section, setting, toggle, whole, type Node } from '../schema-node.js';
import { expectations } from './expectations.js';
import { retries } from './retries.js';
import { MAX_MS, TEXT, patterns, workers } from './values.js';

/** A group of tests with settings of its own. */
export const project: Node = section('One project. What it does not set is as in `runner`.', {
  name: setting(v.string(), {
    description: 'Its name where several share one; reports tell them apart by their keys.',
    allowed: 'a name',
    defaultText: 'its key',
  }),
  test_dir: setting(TEXT, {
    description: 'Folder of its test files.',
    allowed: 'a path',
    defaultText: '`runner.test_dir`',
  }),
  test_match: setting(v.union([TEXT, v.array(TEXT)]), {
    description: 'Its test files.',
    allowed: 'a glob or a list of globs',
    defaultText: '`runner.test_match`',
  }),
  test_ignore: setting(v.union([TEXT, v.array(TEXT)]), {
    description: 'What is left out.',
    allowed: 'a glob or a list of globs',
    defaultText: '`runner.test_ignore`',
  }),
  grep: patterns({ description: 'Only tests whose titles and tags match one of them.', defaultText: 'all' }),
  grep_invert: patterns({ description: 'No tests whose titles and tags match one of them.', defaultText: 'none' }),
  dependencies: setting(v.array(v.string()), {
    description: 'Projects that must have passed before.',
    allowed: 'a list of names',
    defaultText: 'none',
  }),
  teardown: setting(v.string(), {
    description: 'The project that cleans up after this one and all that depend on it.',
    allowed: 'a name',
    defaultText: 'none',
  }),
  retries: retries('Retries of its failed tests.', (key) => ({ defaultText: `\`runner.retries.${key}\`` })),
  test_timeout_ms: whole(0, MAX_MS, {
    description: 'Budget of one test; 0 none.',
    defaultText: '`runner.test_timeout_ms`',
  }),
  repeat_each: whole(1, 1_000_000, {
    description: 'Number of runs of each test.',
    defaultText: '`runner.repeat_each`',
  }),
  fully_parallel: toggle({
    description: 'Lets the tests of one file run at the same time.',
    defaultText: '`runner.fully_parallel`',
  }),
  workers: workers({
    description: 'Most of its tests that run at the same time, within `runner.workers`.',
    defaultText: 'no limit of its own',
  }),
  output_dir: setting(TEXT, {
    description:
      'Folder of what its tests put out, relative to the folder of `chaos.yaml`; reports of the run stay in `runner.output_dir`.',
    allowed: 'a path',
    overriddenBy: ['--output'],
    defaultText: '`runner.output_dir`',
  }),
  expect: expectations((key) => ({ defaultText: `\`runner.expect.${key}\`` })),
  metadata: named('Anything that should stand in the reports.', v.any(), { allowed: 'anything', defaultText: 'none' }),
});
