import { checkRunnable, UsageError } from '@chaos/spec';
import { currentTest } from '../info/current-test.js';
import { AbortTest, Inconclusive } from '../info/outcome-errors.js';
import { printed } from '../data/plain.js';
import { runStep, skipStep } from '../info/steps.js';
import { collectInto, createSuite, currentSuite, isCollecting } from './collector.js';
import { checkIsolation, resolveDetails, type Isolation, type TestDetails } from './details.js';
import type { FixtureList } from '../fixtures/fixture-list.js';
import { callerLocation } from '../data/call-location.js';
import { modifier } from './modifiers.js';
import { resolveRetries, type RetryOptions } from '../retry/retry-options.js';
import type { Body, HookNode, SuiteMode, TestNode } from './suite.js';
import type { TestType } from './test-type.js';

const LISTS = Symbol.for('@chaos/runner/fixture-lists');
const OWN = Symbol.for('@chaos/runner/own');

/**
 * Creates a `test` over a chain of fixture lists; `own` properties are copied to it and to every `test` derived from
 * it.
 */
export function createTest<F extends object>(lists: readonly FixtureList[], own: object = {}): TestType<F> {
  const test = ((title: string, ...rest: unknown[]) => void declareTest(lists, title, rest)) as unknown as Record<
    string | symbol,
    unknown
  >;
  Object.assign(test, {
    only: (title: string, ...rest: unknown[]) => void (declareTest(lists, title, rest).only = true),
    describe: describeWith('default'),
    ...Object.fromEntries(
      (['skip', 'fixme', 'fail', 'slow'] as const).map((type) => [type, modifier(type, lists, declareTest)]),
    ),
    ...Object.fromEntries(
      (['beforeAll', 'afterAll', 'beforeEach', 'afterEach'] as const).map((type) => [type, hook(type, lists)]),
    ),
    step: Object.assign(runStep, { skip: skipStep }),
    setTimeout: (timeoutMs: number) =>
      isCollecting()
        ? void (currentSuite('test.setTimeout()').timeoutMs = timeoutMs)
        : currentTest('test.setTimeout()').setTimeout(timeoutMs),
    abort: (message = '') => {
      throw new AbortTest(message);
    },
    inconclusive: (reason: string) => {
      throw new Inconclusive(typeof reason === 'string' ? reason : printed(reason));
    },
    info: () => currentTest('test.info()'),
    use: (fixtures: Record<string, unknown>) =>
      void currentSuite('test.use()').overrides.push({ fixtures, location: callerLocation(), kind: 'use' }),
    extend: (fixtures: Record<string, unknown>) => {
      if (LISTS in fixtures)
        throw new TypeError('Cannot extend a test with a test. Did you mean to call mergeTests()?');
      return createTest([...lists, { fixtures, location: callerLocation(), kind: 'extend' }], own);
    },
    ...own,
  });
  test[LISTS] = lists;
  test[OWN] = own;
  return test as unknown as TestType<F>;
}

/** The same `test` with a library's own properties, which every `test` derived from it keeps. */
export function equipTest<F extends object, Own extends object>(test: TestType<F>, own: Own): TestType<F, Own> {
  return createTest<F>(listsOf(test), { ...ownOf(test), ...own }) as TestType<F, Own>;
}

/** One `test` with the fixtures of several. */
export function mergeTests(...tests: readonly TestType<object>[]): TestType<Record<string, unknown>> {
  const lists: FixtureList[] = [];
  for (const test of tests) {
    if (!isTest(test))
      throw new TypeError(
        `Cannot merge a value that is not a test: received ${typeof test}. ` +
          'Did you mean to call test.extend() with fixtures instead?',
      );
    for (const list of listsOf(test)) if (!lists.includes(list)) lists.push(list);
  }
  return createTest(lists, Object.assign({}, ...tests.map(ownOf)) as object);
}

function isTest(value: object): boolean {
  return LISTS in value;
}

function listsOf(test: object): readonly FixtureList[] {
  return (test as Record<symbol, readonly FixtureList[]>)[LISTS] ?? [];
}

function ownOf(test: object): object {
  return (test as Record<symbol, object>)[OWN] ?? {};
}

function declareTest(lists: readonly FixtureList[], title: string, rest: readonly unknown[]): TestNode {
  const location = callerLocation();
  const parent = currentSuite('test()');
  if (typeof title !== 'string')
    throw new TypeError(`Cannot declare a test: its title is ${typeof title}, not a string`);
  const body = rest.at(-1);
  if (typeof body !== 'function')
    throw new TypeError(`Cannot declare the test "${title}": its body is ${typeof body}, not a function`);
  checkRunnable(`Cannot declare the test "${title}"`, body);
  const details = resolveDetails(rest.length > 1 ? (rest[0] as TestDetails) : undefined, title);
  const node: TestNode = {
    kind: 'test',
    title,
    location,
    parent,
    body: body as Body,
    details,
    modifiers: [],
    fixtures: lists,
    only: false,
  };
  parent.entries.push(node);
  return node;
}

function hook(type: HookNode['type'], lists: readonly FixtureList[]) {
  return (...args: unknown[]): void => {
    const body = args.at(-1);
    if (typeof body !== 'function')
      throw new TypeError(`Cannot declare ${type}: its body is ${typeof body}, not a function`);
    checkRunnable(`Cannot declare ${type}`, body);
    const title = typeof args[0] === 'string' ? args[0] : `${type} hook`;
    currentSuite(`test.${type}()`).hooks.push({
      type,
      title,
      body: body as Body,
      location: callerLocation(),
      fixtures: lists,
    });
  };
}

function describeWith(mode: SuiteMode): unknown {
  const declare =
    (extra: { only?: boolean; modifier?: 'skip' | 'fixme'; mode?: SuiteMode }) =>
    (...args: unknown[]): void => {
      const location = callerLocation();
      const parent = currentSuite('test.describe()');
      const title = typeof args[0] === 'string' ? args[0] : '';
      const body = args.at(-1);
      if (typeof body !== 'function')
        throw new TypeError(`Cannot declare test.describe("${title}"): its body is ${typeof body}, not a function`);
      checkRunnable(`Cannot declare test.describe("${title}")`, body);
      const suite = createSuite(title, location, parent);
      suite.details = resolveDetails(args.length > 2 ? (args[1] as TestDetails) : undefined, title);
      suite.mode = extra.mode ?? mode;
      suite.only = extra.only ?? false;
      if (suite.mode === 'parallel' && hasSerialAncestor(parent))
        throw new UsageError('describe.parallel cannot be nested inside describe.serial');
      if (extra.modifier)
        suite.modifiers.push({
          type: extra.modifier,
          condition: undefined,
          description: undefined,
          location,
          fixtures: [],
        });
      parent.entries.push(suite);
      // What an async body declares before its first await is declared; later declarations are refused.
      collectInto(suite, body as () => unknown);
    };
  const of = (with_: SuiteMode) =>
    Object.assign(declare({ mode: with_ }), { only: declare({ mode: with_, only: true }) });
  return Object.assign(declare({}), {
    only: declare({ only: true }),
    skip: declare({ modifier: 'skip' }),
    fixme: declare({ modifier: 'fixme' }),
    serial: of('serial'),
    parallel: of('parallel'),
    configure: (options: {
      mode?: SuiteMode;
      retries?: number | RetryOptions;
      timeout?: number;
      isolate?: Isolation;
    }) => {
      const suite = currentSuite('test.describe.configure()');
      if (options.mode) suite.mode = options.mode;
      if (options.isolate !== undefined)
        suite.details = { ...suite.details, isolate: checkIsolation(options.isolate, 'a suite') };
      if (options.retries !== undefined)
        suite.retries = resolveRetries(options.retries, suite.title === '' ? 'the file' : `"${suite.title}"`);
      if (options.timeout !== undefined) suite.timeoutMs = options.timeout;
    },
  });
}

function hasSerialAncestor(suite: { mode: SuiteMode; parent: unknown } | undefined): boolean {
  for (let at = suite; at; at = at.parent as typeof suite) if (at.mode === 'serial') return true;
  return false;
}
