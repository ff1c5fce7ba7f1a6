import type { SerializedError } from '@chaos/spec';
import { isOfSerialGroup, suitesOf, type SuiteNode, type TestNode } from '../declare/suite.js';
import type { Leak, LoadedTest, RunOrder, TestOrder, ToWorker } from '../ipc/messages.js';
import { wallMs } from '../real-time.js';
import { serializeError } from '../data/serialize-error.js';
import { isLastTry, isRetriedNext } from '../retry/decide-retry.js';
import { closeSuites, isShut } from './hooks-all.js';
import { runTest, type Next } from './attempt/run-test.js';
import type { Session } from './session.js';

const NOT_FOUND: SerializedError = {
  message: 'Test not found in the worker process. Make sure test title does not change.',
  hint: 'The file declared this test when it was loaded first, but not where it was to run.',
};

/** A loaded file, as needed by an order. */
export interface OrderContext {
  readonly tests: readonly LoadedTest[];
  /** In the same order of declaration; `tests[i].order` points here. */
  readonly nodes: readonly TestNode[];
  readonly loadError: SerializedError | undefined;
  readonly output: { endOfTest(): { stdout: boolean; stderr: boolean } };
}

/**
 * Runs the tests of an order one after the other, and reports each to main. A failure that will be retried ends the
 * order, so that the retry finds hooks and fixtures unchanged. Returns the reason why the worker must not continue, if
 * any.
 */
export async function runOrder(
  session: Session,
  order: RunOrder,
  context: OrderContext,
): Promise<{ tainted: string | undefined }> {
  const { channel } = session;
  const find = await begin(session, order, context);
  let stopped = false;
  let failures = 0;
  for (const [index, { testId, ...rest }] of order.tests.entries()) {
    const { test, node } = find(rest.declaredId);
    if (stopped) {
      channel.notify('testSkip', { testId, reason: 'an earlier test of its serial group failed' });
      continue;
    }
    if (!test || !node) {
      channel.notify('testMissing', { testId, error: context.loadError ?? NOT_FOUND });
      stopped = order.serial;
      continue;
    }
    if (rest.retry === 0 && !isOnItsOwn(session, test, rest) && isShut(node)) {
      channel.notify('testSkip', { testId, reason: 'a beforeAll hook around it failed' });
      continue;
    }
    channel.notify('testBegin', { testId, retry: rest.retry, timeMs: wallMs(), timeoutMs: rest.timeoutMs });
    await channel.flush();
    const next = order.tests[index + 1];
    const nextNode = next && find(next.declaredId).node;
    const staying = new Set(nextNode ? suitesOf(nextNode) : order.last ? [] : suitesOf(node));
    // A serial group is retried with its hooks; any other test finds them unchanged.
    const isLeft = (suite: SuiteNode, then: Next): boolean =>
      then === 'retry'
        ? order.serial && isOfSerialGroup(suite, node)
        : !(then === 'leak run' && !order.serial) && !staying.has(suite);
    const report = await runTest(session, node, test, { testId, ...rest }, isLeft);
    channel.notify('testEnd', {
      attempt: report.attempt,
      leaks: report.leaks,
      expectedStatus: report.expectedStatus,
      retriable: report.retriable,
      marks: context.output.endOfTest(),
    });
    if (report.tainted !== undefined) return { tainted: report.tainted };
    const unexpected = report.attempt.status !== 'skipped' && report.attempt.status !== report.expectedStatus;
    const end = { failed: unexpected, retriable: report.retriable };
    // Tests of other workers may have failed: the next test must not start before main has counted them all.
    if (order.maxFailures > 0 && isLastTry(rest, end)) {
      if (++failures === order.maxFailures || !(await channel.request('goesOn', null))) return { tainted: undefined };
    }
    if (unexpected && order.serial) stopped = true;
    else if (isRetriedNext(rest, end)) return { tainted: undefined };
    // Main examines it before anything else runs here.
    if (report.attempt.status === 'interrupted' || (report.leaks.length > 0 && !order.serial))
      return { tainted: undefined };
  }
  // Another worker may be able to load it.
  return { tainted: context.loadError && `it could not load ${order.file}` };
}

/**
 * Runs the tests of an order again and watches everything they open; a serial group stops at the first unexpected
 * result. Main gets only the leftovers.
 */
export async function lookForLeaks(
  session: Session,
  order: RunOrder,
  context: OrderContext,
): Promise<ToWorker['requests']['lookForLeaks'][1]> {
  const find = await begin(session, order, context);
  const { traceOrigins } = await import('./leaks/origins.js');
  const origins = traceOrigins();
  session.leakRun = origins;
  const leaks: Record<string, readonly Leak[]> = {};
  let tainted: string | undefined;
  try {
    const { node: first } = find(order.tests[0]?.declaredId ?? '');
    if (order.serial && first)
      await closeSuites(
        session,
        (suite) => isOfSerialGroup(suite, first),
        () => {},
      );
    for (const ordered of order.tests) {
      const { test, node } = find(ordered.declaredId);
      if (!test || !node) break;
      const report = await runTest(session, node, test, ordered, () => false);
      leaks[ordered.testId] = report.leaks;
      tainted = report.tainted;
      if (
        tainted !== undefined ||
        (report.attempt.status !== 'skipped' && report.attempt.status !== report.expectedStatus)
      )
        break;
    }
    return { tainted, leaks, marks: context.output.endOfTest() };
  } finally {
    session.leakRun = undefined;
    origins.stop();
  }
}

// A parallel test runs as if alone in its file: with hooks of its own.
function isOnItsOwn({ config }: Session, { mode }: LoadedTest, { project }: Pick<TestOrder, 'project'>): boolean {
  const { fullyParallel } = config.runner.projects.find(({ name }) => name === project) ?? {};
  return mode === 'parallel' || (mode === 'default' && fullyParallel === true);
}

type Find = (declaredId: string) => { readonly test: LoadedTest | undefined; readonly node: TestNode | undefined };

async function begin(session: Session, order: RunOrder, context: OrderContext): Promise<Find> {
  const { channel } = session;
  session.journalDirectory = order.journalDirectory;
  session.outputDir = order.outputDir;
  session.given = order.environment;
  session.config = { ...session.init.config, deadlineFactor: order.deadlineFactor };
  for (const error of await session.adopt(() => session.setAddresses(order.addresses)))
    channel.notify('error', { error: serializeError(error) });
  // Only tests that use services are measured.
  if (Object.keys(order.addresses).length > 0) session.reportEventLoop();
  const byId = new Map(context.tests.map((test) => [test.id, test]));
  return (declaredId) => {
    const test = byId.get(declaredId);
    return { test, node: context.nodes[test?.order ?? -1] };
  };
}
