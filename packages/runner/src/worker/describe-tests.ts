import { basename, dirname, relative } from 'node:path';
import type { Annotation, ResolvedConfig, SerializedError, SlotFixtureReference } from '@chaos/spec';
import type { ResolvedDetails } from '../declare/details.js';
import type { FixtureList } from '../declare/fixture-list.js';
import { retryRulesOf, suitesOf, testsOf, type SuiteNode, type TestNode } from '../declare/suite.js';
import { frameOf } from '../data/frame-of.js';
import { closure, poolOf, type Pool } from '../fixtures/pool.js';
import { parameterNames } from '../fixtures/parameters.js';
import type { FileSuite } from '../modules/load-file.js';
import type { LoadedFile, LoadedTest } from '../ipc/messages.js';
import { serializeError } from '../data/serialize-error.js';
import { testId } from '../data/test-id.js';
import { policyOf } from '../retry/retry-options.js';

/** A file's tests as data for the plan. Finds misuse of fixtures before anything runs. */
export function describeTests(file: string, { suite, error }: FileSuite, config: ResolvedConfig): LoadedFile {
  const tests: LoadedTest[] = [];
  const errors: SerializedError[] = error ? [error] : [];
  const slotFixtures: Record<string, SlotFixtureReference> = {};
  const ids = new Map<string, TestNode>();
  const path = relative(config.rootDir, file).replaceAll('\\', '/');
  const place = { path, category: basename(dirname(path)) || '.' };
  for (const [index, node] of (error ? [] : testsOf(suite)).entries()) {
    try {
      const test = describeTest(place, node, index, config, slotFixtures);
      const twin = ids.get(test.id);
      if (twin)
        throw new Error(
          `duplicate test title "${test.titlePath.join(' › ')}", first declared in ${path}:${twin.location.line}`,
        );
      if (config.runner.requirePurpose && !test.purpose)
        throw new Error(`Cannot run the test "${test.title}": it has no purpose, and runner.require_purpose is on`);
      ids.set(test.id, node);
      tests.push(test);
    } catch (thrown) {
      const error = serializeError(thrown);
      errors.push({ ...error, location: node.location, stack: `${error.message}\n${frameOf(node.location)}` });
    }
  }
  return { file, tests, slotFixtures, dependencies: [], errors };
}

function describeTest(
  { path, category }: { readonly path: string; readonly category: string },
  node: TestNode,
  order: number,
  config: ResolvedConfig,
  slotFixtures: Record<string, SlotFixtureReference>,
): LoadedTest {
  const suites = suitesOf(node);
  const titles = [...suites.map(({ title }) => title).filter(Boolean), node.title];
  const pool = poolOfTest(node);
  const names = fixtureNames(node, suites);
  const fixtures = closure(names, pool, node.location);
  for (const { scope, value } of pool.fixtures.values())
    if (scope === 'slot') slotFixtures[(value as SlotFixtureReference).name] = value as SlotFixtureReference;
  const details = [...suites.map((suite) => suite.details), node.details];
  const modifiers = [...suites.flatMap((suite) => suite.modifiers), ...node.modifiers].filter(
    ({ condition }) => !condition,
  );
  const skip = modifiers.find(({ type }) => type === 'skip' || type === 'fixme');
  const slow = modifiers.some(({ type }) => type === 'slow');
  const isolating = suites.find((suite) => suite.details.isolate);
  const serialDepth = suites.findIndex(({ mode }) => mode === 'serial');
  const innermost = suites.findLast(({ mode }) => mode !== 'default');
  const purpose = node.details.purpose;
  return {
    id: testId('', path, titles, 0),
    ...(node.details.id !== undefined && { chaosId: node.details.id }),
    title: node.title,
    titlePath: titles,
    location: node.location,
    category,
    tags: [...new Set([...config.runner.tag, ...details.flatMap(({ tags }) => tags)])],
    annotations: [
      ...details.flatMap(({ annotations }) => annotations),
      ...modifiers.map(({ type, description, location }): Annotation => ({
        type,
        location,
        ...(description !== undefined && { description }),
      })),
    ],
    ...(purpose !== undefined && { purpose }),
    catches: [...new Set(details.flatMap(({ catches }) => catches))],
    requires: [...new Set(details.flatMap(({ requires }) => requires))],
    ...claimsOf(details, node.title, config),
    expectedStatus: skip ? 'skipped' : modifiers.some(({ type }) => type === 'fail') ? 'failed' : 'passed',
    timeoutMs: suites.findLast((suite) => suite.timeoutMs !== undefined)?.timeoutMs,
    retries: policyOf(retryRulesOf(node)),
    slow,
    order,
    takesFixtures: names.length > 0,
    slotNeeds: fixtures
      .filter(({ scope }) => scope === 'slot')
      .map(({ value }) => (value as SlotFixtureReference).name),
    only: node.only || suites.some(({ only }) => only),
    skipped: skip ? (skip.description ?? '') : undefined,
    isolate: isolating ? positionOf(isolating) : node.details.isolate && `test ${titles.join('\u001e')}`,
    serial: serialDepth < 0 ? undefined : positionOf(suites[serialDepth] as SuiteNode),
    mode: innermost?.mode ?? 'default',
  };
}

function positionOf({ parent, location, title }: SuiteNode): string {
  return parent ? `${location.line}:${location.column}:${title}` : 'file';
}

/**
 * The fixtures that a test, its hooks and its conditions can name: those of its own `test`, of its hooks, then every
 * `use` around it.
 */
export function poolOfTest(node: TestNode, projectUse?: FixtureList): Pool {
  const suites = suitesOf(node);
  const lists: FixtureList[] = [...node.fixtures];
  for (const { fixtures } of suites.flatMap((suite) => [...suite.hooks, ...suite.modifiers])) {
    for (const list of fixtures) if (!lists.includes(list)) lists.push(list);
  }
  return poolOf([...lists, ...(projectUse ? [projectUse] : []), ...suites.flatMap(({ overrides }) => overrides)]);
}

/** Fixtures requested by the body, its hooks and its conditions. */
function fixtureNames(node: TestNode, suites: readonly SuiteNode[]): readonly string[] {
  const names = [...parameterNames(node.body, node.location)];
  for (const suite of suites) {
    for (const { body, location } of suite.hooks) names.push(...parameterNames(body, location));
    for (const { condition, location } of suite.modifiers)
      if (condition) names.push(...parameterNames(condition, location));
  }
  return names;
}

// The innermost weight counts; a lock requested exclusively by any surrounding suite is exclusive.
function claimsOf(
  details: readonly ResolvedDetails[],
  title: string,
  { runner }: ResolvedConfig,
): Pick<LoadedTest, 'locks' | 'sharedLocks' | 'weight'> {
  if (details.every(({ locks, weight }) => locks.length === 0 && weight === undefined)) return { locks: [] };
  const named = (wanted: 'exclusive' | 'shared'): readonly string[] => [
    ...new Set(details.flatMap(({ locks }) => locks.filter(({ mode }) => mode === wanted).map(({ name }) => name))),
  ];
  const locks = named('exclusive');
  const shared = named('shared').filter((name) => !locks.includes(name));
  const weight = Object.assign({}, ...details.map((each) => each.weight)) as Record<string, number>;
  for (const name of Object.keys(weight)) {
    if (runner.capacities[name] === undefined)
      throw new Error(
        `Cannot use weight.${name} of "${title}": there is no capacity of that name (known: ${Object.keys(runner.capacities).join(', ')}); set runner.capacities.${name}`,
      );
  }
  return {
    locks,
    ...(shared.length > 0 && { sharedLocks: shared }),
    ...(Object.keys(weight).length > 0 && { weight }),
  };
}
