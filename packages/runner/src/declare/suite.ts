import type { Location } from '@chaos/spec';
import type { ResolvedDetails } from './details.js';
import type { FixtureList } from '../fixtures/fixture-list.js';
import type { RetryRule } from '../retry/retry-options.js';

/**
 * Relation of a suite's tests: independent and in order, all-or-nothing and in order, or independent and concurrent.
 */
export type SuiteMode = 'default' | 'serial' | 'parallel';

/** A hook's or test's body; the first parameter names its fixtures by destructuring. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- fixtures are typed at the public API
export type Body = (fixtures: any, info: any) => unknown;

/** A hook of a suite. */
export interface HookNode {
  readonly type: 'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach';
  readonly title: string;
  readonly body: Body;
  readonly location: Location;
  /** The fixtures of the `test` it was declared with. */
  readonly fixtures: readonly FixtureList[];
}

/** `skip`, `fixme`, `fail`, `slow` on a suite or a test; the condition may use fixtures. */
export interface ModifierNode {
  readonly type: 'skip' | 'fixme' | 'fail' | 'slow';
  readonly condition: Body | undefined;
  readonly description: string | undefined;
  readonly location: Location;
  readonly fixtures: readonly FixtureList[];
}

/** A `describe`, or the file itself. */
export interface SuiteNode {
  readonly kind: 'suite';
  readonly title: string;
  readonly location: Location;
  readonly parent: SuiteNode | undefined;
  readonly entries: (SuiteNode | TestNode)[];
  readonly hooks: HookNode[];
  readonly modifiers: ModifierNode[];
  /** `test.use` in this suite, in order. */
  readonly overrides: FixtureList[];
  details: ResolvedDetails;
  mode: SuiteMode;
  only: boolean;
  retries: RetryRule | undefined;
  timeoutMs: number | undefined;
}

/** A declared test. */
export interface TestNode {
  readonly kind: 'test';
  readonly title: string;
  readonly location: Location;
  readonly parent: SuiteNode;
  readonly body: Body;
  readonly details: ResolvedDetails;
  readonly modifiers: ModifierNode[];
  readonly fixtures: readonly FixtureList[];
  only: boolean;
}

/** Suites from the file down to the test's own. */
export function suitesOf(node: TestNode | SuiteNode): readonly SuiteNode[] {
  const chain: SuiteNode[] = [];
  for (let suite = node.kind === 'suite' ? node : node.parent; suite; suite = suite.parent as SuiteNode)
    chain.unshift(suite);
  return chain;
}

/** True for the outermost serial group around the test, and for everything in it. */
export function isOfSerialGroup(suite: SuiteNode, node: TestNode): boolean {
  const group = suitesOf(node).find(({ mode }) => mode === 'serial');
  return group !== undefined && suitesOf(suite).includes(group);
}

/** Every test below, in order of declaration. */
export function testsOf(suite: SuiteNode): readonly TestNode[] {
  return suite.entries.flatMap((entry) => (entry.kind === 'test' ? [entry] : testsOf(entry)));
}

/** The tests that `only` leaves of a suite: of what is marked in a marked suite only that, else all of it. */
export function focusedIn(suite: SuiteNode): readonly TestNode[] {
  return suite.entries.flatMap((entry) => {
    if (entry.kind === 'test') return entry.only ? [entry] : [];
    const inner = focusedIn(entry);
    return inner.length === 0 && entry.only ? testsOf(entry) : inner;
  });
}

/** Retry rules from the file down to the test; for each setting the last one counts. */
export function retryRulesOf(node: TestNode): readonly RetryRule[] {
  return [...suitesOf(node).flatMap(({ details, retries }) => [details.retries, retries]), node.details.retries].filter(
    (rule) => rule !== undefined,
  );
}
