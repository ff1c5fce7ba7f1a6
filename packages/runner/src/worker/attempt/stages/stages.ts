import type { Fixture } from '../../../fixtures/fixture.js';
import type { HookNode, ModifierNode } from '../../../declare/suite.js';
import { stepLog, type StepHead } from '../../../info/step-log.js';
import type { TestInfo } from '../../../info/test-info.js';

// The hooks and fixtures of a test as steps of its report, under the titles that Playwright Test gives them.

/** All that runs before the body of a test, or after it. The first failure that it adds to the test is its own. */
export function stageAround<T>(
  info: TestInfo,
  title: 'Before Hooks' | 'After Hooks',
  body: () => Promise<T>,
): Promise<T> {
  const before = info.errors.length;
  const log = stepLog(info);
  return log.inStage({ title, category: 'hook' }, false, async () => {
    const stage = log.current;
    const answer = await body();
    const failure = info.errors[before];
    if (failure !== undefined && stage !== undefined) stage.result.error = failure;
    return answer;
  });
}

/** A hook with the fixtures that it needs first. */
export function hookStage<T>(info: TestInfo, { title, location }: HookNode, body: () => Promise<T>): Promise<T> {
  return stepLog(info).inStage({ title, category: 'hook', location }, false, body);
}

/** A condition of `skip`, `fixme`, `fail` or `slow`. */
export function conditionStage<T>(
  info: TestInfo,
  { type, location }: ModifierNode,
  body: () => Promise<T>,
): Promise<T> {
  return stepLog(info).inStage({ title: `${type} modifier`, category: 'hook', location }, false, body);
}

/** The set-up or the teardown of a fixture. */
export function fixtureStage<T>(info: TestInfo, fixture: Fixture, body: () => Promise<T>): Promise<T> {
  if (fixture.box === 'self') return body();
  const { title, location } = fixture;
  const head: StepHead = {
    title: `Fixture ${JSON.stringify(title)}`,
    category: 'fixture',
    // Fixtures of ours have no place in the user's code.
    ...(location.file !== '' && { location }),
  };
  return stepLog(info).inStage(head, fixture.box, body);
}
