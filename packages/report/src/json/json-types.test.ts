import type {
  FullConfig,
  FullResult,
  JSONReport,
  Reporter as TheirReporter,
  Suite,
  TestCase,
  TestResult,
} from '@playwright/test/reporter';
import { expectTypeOf, test } from 'vitest';
import type { PlaywrightStyleReporter } from '../custom/playwright-reporter.js';
import type { PlaywrightResult } from '../custom/playwright-result.js';
import type { PlaywrightSuite, PlaywrightTest } from '../custom/playwright-tree.js';
import type { JsonReport } from './json-types.js';

// The type of the data in the file: without `undefined` values, and without readonly.
type Optional<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];
type Written<T> = T extends readonly (infer E)[]
  ? Written<E>[]
  : T extends object
    ? { -readonly [K in Exclude<keyof T, Optional<T>>]: Written<T[K]> } & {
        -readonly [K in Optional<T>]?: Written<Exclude<T[K], undefined>>;
      }
    : T;
// Does the same for Playwright's types: `error: TestError | undefined` is absent in the file.
type Loose<T> = T extends (infer E)[]
  ? Loose<E>[]
  : T extends RegExp
    ? object
    : T extends (...args: never[]) => unknown
      ? T
      : T extends object
        ? { [K in Exclude<keyof T, Optional<T>>]: Loose<T[K]> } & {
            [K in Optional<T>]?: Loose<Exclude<T[K], undefined>>;
          }
        : T;

test('our report is a Playwright JSONReport', () => {
  expectTypeOf<Written<JsonReport>['stats']>().toExtend<JSONReport['stats']>();
  expectTypeOf<Written<JsonReport>['errors']>().toExtend<JSONReport['errors']>();
  expectTypeOf<Written<JsonReport>['suites']>().toExtend<Loose<JSONReport['suites']>>();
  expectTypeOf<Written<JsonReport>['config']['projects']>().toExtend<Loose<JSONReport['config']['projects']>>();
  // `filteredProjects` is new in 1.64 and not part of the documented JSON.
  type Theirs = Omit<Loose<JSONReport['config']>, 'projects' | 'filteredProjects' | 'reporter'>;
  expectTypeOf<Pick<Written<JsonReport>['config'], keyof Theirs>>().toExtend<Theirs>();
  expectTypeOf<JsonReport['config']['reporter'][number]>().toExtend<JSONReport['config']['reporter'][number]>();
});

test('reporters of Playwright Test get what they know', () => {
  expectTypeOf<PlaywrightResult>().toExtend<Omit<TestResult, 'steps'>>();
  expectTypeOf<Omit<PlaywrightTest, 'parent' | 'results'>>().toExtend<
    Omit<TestCase, 'parent' | 'results' | 'annotations'>
  >();
  expectTypeOf<Pick<PlaywrightSuite, 'type' | 'title' | 'location'>>().toExtend<
    Pick<Suite, 'type' | 'title'> & { location: Suite['location'] | undefined }
  >();
  expectTypeOf<FullResult['status']>().toEqualTypeOf<'passed' | 'failed' | 'timedout' | 'interrupted'>();
  // `version` and `onConfigure` are not in the public types, but Playwright calls them, and reporters have them.
  expectTypeOf<Exclude<keyof PlaywrightStyleReporter, 'version' | 'onConfigure'>>().toExtend<keyof TheirReporter>();
  expectTypeOf<FullConfig['rootDir']>().toEqualTypeOf<string>();
});
