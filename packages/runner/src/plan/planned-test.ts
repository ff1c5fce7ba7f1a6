import { relative } from 'node:path';
import type { ProjectConfig, ResolvedConfig, RetryPolicy, TestCase } from '@chaos/spec';
import type { LoadedTest } from '../ipc/messages.js';
import { testId } from '../test-id.js';

/** A declared test in one project and one repetition: what is dispatched and reported. */
export interface PlannedTest extends TestCase, Pick<LoadedTest, 'order' | 'takesFixtures' | 'slotNeeds' | 'only' | 'skipped' | 'serial' | 'isolate'> {
  readonly file: string;
  readonly declaredId: string;
  readonly repeatEachIndex: number;
  /** May run apart from the other tests of its file. */
  readonly parallel: boolean;
  readonly retryPolicy: RetryPolicy;
}

/** What a declared test becomes in a project. */
export function planTest(file: string, test: LoadedTest, project: ProjectConfig, repeatEachIndex: number, { rootDir, runner }: Pick<ResolvedConfig, 'rootDir' | 'runner'>): PlannedTest {
  const { timeoutMs, retries, slow, mode, ...rest } = test;
  const retryPolicy = { ...runner.retries, count: project.retries, ...retries };
  const budgetMs = timeoutMs ?? project.testTimeoutMs;
  return {
    ...rest,
    id: testId(project.name, relative(rootDir, file).replaceAll('\\', '/'), test.titlePath, repeatEachIndex),
    declaredId: test.id,
    file,
    project: project.name,
    repeatEachIndex,
    timeoutMs: slow ? budgetMs * 3 : budgetMs,
    retries: retryPolicy.count,
    retryPolicy,
    parallel: mode === 'parallel' || (mode === 'default' && project.fullyParallel),
  };
}
