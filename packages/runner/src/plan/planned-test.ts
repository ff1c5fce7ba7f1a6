import { relative } from 'node:path';
import type { ProjectConfig, TestCase } from '@chaos/spec';
import type { LoadedTest } from '../ipc/messages.js';
import { testId } from '../test-id.js';

/** A declared test in one project and one repetition: what is dispatched and reported. */
export interface PlannedTest extends TestCase, Pick<LoadedTest, 'order' | 'takesFixtures' | 'slotNeeds' | 'only' | 'skipped' | 'serial'> {
  readonly file: string;
  readonly declaredId: string;
  readonly repeatEachIndex: number;
  /** May run apart from the other tests of its file. */
  readonly parallel: boolean;
}

/** What a declared test becomes in a project. */
export function planTest(file: string, test: LoadedTest, project: ProjectConfig, repeatEachIndex: number, rootDir: string): PlannedTest {
  const { timeoutMs, retries, slow, mode, ...rest } = test;
  const budgetMs = timeoutMs ?? project.testTimeoutMs;
  return {
    ...rest,
    id: testId(project.name, relative(rootDir, file).replaceAll('\\', '/'), test.titlePath, repeatEachIndex),
    declaredId: test.id,
    file,
    project: project.name,
    repeatEachIndex,
    timeoutMs: slow ? budgetMs * 3 : budgetMs,
    retries: retries ?? project.retries,
    parallel: mode === 'parallel' || (mode === 'default' && project.fullyParallel),
  };
}
