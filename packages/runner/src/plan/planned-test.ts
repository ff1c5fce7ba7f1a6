import { relative } from 'node:path';
import type { ProjectConfig, ResolvedConfig, RetryPolicy, TestCase } from '@chaos/spec';
import type { LoadedTest } from '../ipc/messages.js';
import { testId } from '../data/test-id.js';

/** A declared test in one project and one repetition: as it is dispatched and reported. */
export interface PlannedTest
  extends
    TestCase,
    Pick<
      LoadedTest,
      'order' | 'groups' | 'takesFixtures' | 'slotNeeds' | 'only' | 'skipped' | 'unmet' | 'serial' | 'isolate'
    > {
  readonly file: string;
  /** Its file, relative to the root folder. */
  readonly path: string;
  readonly declaredId: string;
  readonly repeatEachIndex: number;
  /** May run apart from the other tests of its file. */
  readonly parallel: boolean;
  readonly retryPolicy: RetryPolicy;
}

const NONE: readonly never[] = [];

/** Expands the declared tests of a file for a project, one after the other. */
export function* planTests(
  file: string,
  tests: readonly LoadedTest[],
  project: ProjectConfig,
  repeatEachIndex: number,
  { rootDir }: Pick<ResolvedConfig, 'rootDir'>,
): Generator<PlannedTest> {
  const path = relative(rootDir, file).replaceAll('\\', '/');
  const policy = project.retryPolicy;
  const share = sharedTexts(file);
  const list = <T>(items: readonly T[]): readonly T[] => (items.length === 0 ? NONE : items);
  for (const test of tests) {
    const { location, chaosId, purpose, needs, sharedLocks, weight } = test;
    const id = testId(project.name, path, test.titlePath, repeatEachIndex);
    const budgetMs = test.timeoutMs ?? project.testTimeoutMs;
    const retryPolicy = test.retries ? { ...policy, ...test.retries } : policy;
    yield {
      id,
      declaredId: test.id === id ? id : test.id,
      title: share(test.title),
      titlePath: test.titlePath.map(share),
      file,
      path,
      ...(test.groups && { groups: test.groups }),
      location: { file: share(location.file), line: location.line, column: location.column },
      project: project.name,
      category: share(test.category),
      tags: list(test.tags),
      annotations: list(test.annotations),
      catches: list(test.catches),
      requires: list(test.requires),
      locks: list(test.locks),
      slotNeeds: list(test.slotNeeds),
      ...(chaosId !== undefined && { chaosId }),
      ...(purpose !== undefined && { purpose }),
      ...(needs && { needs: list(needs) }),
      ...(sharedLocks && { sharedLocks }),
      ...(weight && { weight }),
      expectedStatus: test.expectedStatus,
      timeoutMs: test.slow ? budgetMs * 3 : budgetMs,
      retries: retryPolicy.count,
      retryPolicy,
      repeatEachIndex,
      order: test.order,
      takesFixtures: test.takesFixtures,
      only: test.only,
      skipped: test.skipped,
      unmet: test.unmet,
      serial: test.serial,
      isolate: test.isolate,
      parallel: test.mode === 'parallel' || project.fullyParallel,
    };
  }
}

// There may be very many tests, so shared data exists once. Each field of them is spelled out, because V8 makes a hash
// table of ten times the size from a rest and a spread.
function sharedTexts(file: string): (text: string) => string {
  const known = new Map<string, string>([[file, file]]);
  return (text) => {
    const first = known.get(text);
    if (first === undefined) known.set(text, text);
    return first ?? text;
  };
}
