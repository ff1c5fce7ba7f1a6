import type { Location } from '@chaos/spec';
import type { ResolvedDetails } from './details.js';
import type { FixtureList } from './fixture-list.js';
import type { RetryRule, RetryWhen } from './retry-options.js';

/** How the tests of a suite relate: independent in order, all-or-nothing in order, or independent at once. */
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

/** `skip`, `fixme`, `fail`, `slow` on a suite or a test, perhaps conditional on fixtures. */
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

/** A test as it was declared. */
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

/** From the file down to the suite of a test. */
export function suitesOf(node: TestNode | SuiteNode): readonly SuiteNode[] {
  const chain: SuiteNode[] = [];
  for (let suite = node.kind === 'suite' ? node : node.parent; suite; suite = suite.parent as SuiteNode)
    chain.unshift(suite);
  return chain;
}

/** True for the outermost serial group around the test, and for what is in it. */
export function isOfSerialGroup(suite: SuiteNode, node: TestNode): boolean {
  const group = suitesOf(node).find(({ mode }) => mode === 'serial');
  return group !== undefined && suitesOf(suite).includes(group);
}

/** Every test below, in order of declaration. */
export function testsOf(suite: SuiteNode): readonly TestNode[] {
  return suite.entries.flatMap((entry) => (entry.kind === 'test' ? [entry] : testsOf(entry)));
}

/** What is said about trying a test again, from the file down to the test: the last word on each point counts. */
export function retryRulesOf(node: TestNode): readonly RetryRule[] {
  return [...suitesOf(node).flatMap(({ details, retries }) => [details.retries, retries]), node.details.retries].filter(
    (rule) => rule !== undefined,
  );
}

/** Who is asked whether a failed attempt of the test is tried again. */
export function retryWhenOf(node: TestNode): RetryWhen | undefined {
  return retryRulesOf(node).findLast(({ when }) => when !== undefined)?.when;
}
