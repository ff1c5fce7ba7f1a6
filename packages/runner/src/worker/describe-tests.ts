import { basename, dirname, relative } from 'node:path';
import type { Annotation, ResolvedConfig, SerializedError, SlotFixtureReference } from '@chaos/spec';
import type { ResolvedDetails } from '../declare/details.js';
import type { FixtureList } from '../fixtures/fixture-list.js';
import { focusedIn, retryRulesOf, suitesOf, testsOf, type SuiteNode, type TestNode } from '../declare/suite.js';
import { frameOf } from '../data/frame-of.js';
import { closure, poolOf, type Pool } from '../fixtures/pool.js';
import { withProjectUse } from '../fixtures/project-use.js';
import { parameterNames } from '../fixtures/parameters.js';
import { isTestFile } from '../modules/find/discover.js';
import type { FileSuite } from '../modules/load-file.js';
import type { LoadedFile, LoadedTest } from '../ipc/messages.js';
import { serializeError } from '../data/serialize-error.js';
import { testId } from '../data/test-id.js';
import { policyOf } from '../retry/retry-options.js';
import { assertKnownServices } from './known-services.js';
import { unmetNeeds, type Declared, type FindUnmet } from './unmet-needs.js';

/** A file's tests as data for the plan. Finds misuse of fixtures before anything runs. */
export async function describeTests(
  file: string,
  { suite, error }: FileSuite,
  config: ResolvedConfig,
): Promise<LoadedFile> {
  const tests: LoadedTest[] = [];
  const errors: SerializedError[] = error ? [error] : [];
  const slotFixtures: Record<string, SlotFixtureReference> = {};
  const ids = new Map<string, TestNode>();
  const path = relative(config.rootDir, file).replaceAll('\\', '/');
  const nodes = error ? [] : testsOf(suite);
  const place = {
    path,
    category: basename(dirname(path)) || '.',
    focused: new Set(focusedIn(suite)),
    unmet: await unmetNeeds(config, nodes.map(declaredBy)),
  };
  for (const [index, node] of nodes.entries()) {
    try {
      assertKnownServices(declaredBy(node).services, config);
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
  const twice = importedTestFile(file, suite, config);
  if (twice !== undefined) {
    const message = `test file "${path}" should not import test file "${relative(config.rootDir, twice)}"`;
    errors.push({ message, stack: message, location: { file, line: 1, column: 1 } });
  }
  return { file, tests, slotFixtures, dependencies: [], errors };
}

// Tests of another test file would run twice. Those that a helper declares are the file's own.
function importedTestFile(file: string, suite: SuiteNode, { runner }: ResolvedConfig): string | undefined {
  const others = new Set(testsOf(suite).map(({ location }) => location.file));
  return [...others].find((other) => other !== file && isTestFile(other, runner.projects));
}

interface Place {
  readonly path: string;
  readonly category: string;
  /** The tests of the file that `only` leaves. */
  readonly focused: ReadonlySet<TestNode>;
  readonly unmet: FindUnmet;
}

function describeTest(
  { path, category, focused, unmet }: Place,
  node: TestNode,
  order: number,
  config: ResolvedConfig,
  slotFixtures: Record<string, SlotFixtureReference>,
): LoadedTest {
  const suites = suitesOf(node);
  const groups = suites.slice(1);
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
  // A serial group in a parallel suite may run beside the others there, as a whole.
  const isParallel = suites.slice(0, Math.max(0, serialDepth)).some(({ mode }) => mode === 'parallel');
  const purpose = node.details.purpose;
  const declared = declaredBy(node);
  return {
    id: testId('', path, titles, 0),
    ...(node.details.id !== undefined && { chaosId: node.details.id }),
    title: node.title,
    titlePath: titles,
    location: node.location,
    category,
    tags: [...new Set([...config.runner.tag, ...details.flatMap(({ tags }) => tags)])],
    annotations: [...details.flatMap(({ annotations }) => annotations), ...modifiers.map(annotationOf)],
    ...(purpose !== undefined && { purpose }),
    catches: [...new Set(details.flatMap(({ catches }) => catches))],
    requires: [...new Set(details.flatMap(({ requires }) => requires))],
    ...(declared.needs && { needs: declared.needs }),
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
    only: focused.has(node),
    ...(groups.length > 0 && { groups: groups.map(({ location: { line, column } }) => ({ line, column })) }),
    skipped: skip ? (skip.description ?? '') : undefined,
    unmet: unmet(declared),
    isolate: isolating ? positionOf(isolating) : node.details.isolate && `test ${titles.join('\u001e')}`,
    serial: serialDepth < 0 ? undefined : positionOf(suites[serialDepth] as SuiteNode),
    mode: isParallel ? 'parallel' : (innermost?.mode ?? 'default'),
  };
}

function annotationOf({ type, description, location }: TestNode['modifiers'][number]): Annotation {
  return { type, location, ...(description !== undefined && { description }) };
}

// A test declares for itself what its suites declare, too.
function declaredBy(node: TestNode): Declared {
  const details = [...suitesOf(node).map((suite) => suite.details), node.details];
  const needs = details.flatMap((each) => (each.needs === undefined ? [] : [each.needs]));
  return {
    needs: needs.length === 0 ? undefined : [...new Set(needs.flat())],
    services: [...new Set(details.flatMap(({ services }) => services))],
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
  const configured = projectUse ? withProjectUse(lists, projectUse) : lists;
  return poolOf([...configured, ...suites.flatMap(({ overrides }) => overrides)]);
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
        `Cannot use weight.${name} of "${title}": there is no capacity of that name (known: ` +
          `${Object.keys(runner.capacities).join(', ')}); set runner.capacities.${name}`,
      );
  }
  return {
    locks,
    ...(shared.length > 0 && { sharedLocks: shared }),
    ...(Object.keys(weight).length > 0 && { weight }),
  };
}
