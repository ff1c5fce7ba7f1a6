import type { SerializedError } from '@chaos/spec';
import { retryRulesOf, testsOf } from '../declare/suite.js';
import { HANGING } from '../hang/hanging.js';
import { Channel } from '../ipc/channel.js';
import type { FromWorker, LoadedFile, ToWorker } from '../ipc/messages.js';
import { dependenciesOf } from '../modules/dependencies-of.js';
import { loadFile } from '../modules/load-file.js';
import { useTsconfig } from '../modules/tsconfig.js';
import { alignWall } from '../real-time.js';
import { deserializeError, serializeError } from '../data/serialize-error.js';
import { describeTests } from './describe-tests.js';
import { Clock } from './time/clock.js';
import { workerTeardownClock } from './attempt/stages/fixture-clock.js';
import { closeSuites } from './hooks-all.js';
import { Interrupted } from './attempt/interrupted.js';
import { hanging } from './attempt/whereabouts/explain-timeout.js';
import { lateError } from './attempt/late-error.js';
import { startedAs } from '../info/started.js';
import { testContext } from '../info/test-context.js';
import { isRetriable } from '../retry/is-retriable.js';
import { whenOf } from '../retry/retry-options.js';
import { trackOutput } from './track-output.js';
import { runOrder, lookForLeaks, type OrderContext } from './run-order.js';
import { runningTest } from './attempt/running.js';
import { Session } from './session.js';
import { SlotLost } from './slot-lost.js';
import { listenToUncaught } from './uncaught-listeners.js';
import { whereabouts } from './attempt/whereabouts/whereabouts.js';
import { markUnhandled } from '../data/errors/unhandled.js';

// The entry of a worker process: loads files for the plan, then runs tests of its slot until told to stop.
let session: Session | undefined;
const described = new Map<string, Promise<LoadedFile>>();
// Keep this many of them.
let adopted = 0;
const output = trackOutput();

const channel: Channel<ToWorker, FromWorker> = new Channel<ToWorker, FromWorker>(process, 'the main process', {
  init: (init) => {
    alignWall(init.wallOffsetMs);
    useTsconfig(init.config.runner.tsconfig);
    process.env['TEST_WORKER_INDEX'] = String(init.workerIndex);
    process.env['TEST_PARALLEL_INDEX'] = String(init.parallelIndex);
    session = new Session(init, channel);
    return null;
  },
  environment: () => session?.environment.changes() ?? {},
  load: async ({ file, withDependencies }) => ({
    ...(await describe(file)),
    ...(withDependencies && { dependencies: dependenciesOf(file) }),
  }),
  run: async (order) => {
    const context = await contextOf(order.file);
    channel.notify('imported', null);
    // Flush now: the code that follows may loop.
    await channel.flush();
    return runOrder(required(), order, context);
  },
  lookForLeaks: async (order) => lookForLeaks(required(), order, await contextOf(order.file)),
  mayRetry: async ({ file, declaredId, project, error }) => {
    const { tests, nodes } = await contextOf(file);
    const node = nodes[tests.find(({ id }) => id === declaredId)?.order ?? -1];
    const errors: SerializedError[] = [];
    const when = (node && whenOf(retryRulesOf(node))) ?? required().retryWhen(project);
    return { retriable: isRetriable(deserializeError(error), when, { errors }), errors };
  },
  ping: () => Clock.overdueMs,
  where: () => whereabouts(),
  stop: async () => {
    await stop();
    return null;
  },
  slotLost: ({ reason }) => {
    if (session?.usesSlot) runningTest()?.clock.interrupt(new SlotLost(reason));
  },
  abort: ({ reason }) => void runningTest()?.clock.interrupt(new Interrupted(reason)),
});

// Resources that a file opens during its import belong to the file. It may have been imported for the plan, with
// others.
async function contextOf(file: string): Promise<OrderContext> {
  const context = async (): Promise<OrderContext> => {
    const { tests } = await describe(file);
    const { suite, error } = await loadFile(file);
    await required().loadConfigModule();
    return { tests, nodes: error ? [] : testsOf(suite), loadError: error, output };
  };
  const isAdopted = described.has(file) && described.size === adopted;
  if (isAdopted) return context();
  const found = await required().adopt(context);
  adopted = described.size;
  return found;
}

function required(): Session {
  if (!session) throw new Error('Cannot run before init');
  return session;
}

function describe(file: string): Promise<LoadedFile> {
  let promise = described.get(file);
  if (!promise)
    described.set(
      file,
      (promise = required()
        .environment.adopt(() => loadFile(file))
        .then((loaded) => describeTests(file, loaded, required().init.config))),
    );
  return promise;
}

async function stop(): Promise<void> {
  if (session)
    await closeSuites(
      session,
      () => true,
      (error) => channel.notify('error', { error: serializeError(error) }),
    );
  const budgetMs = session?.init.config.runner.testTimeoutMs ?? 0;
  const fail = (error: unknown): void => channel.notify('error', { error: serializeError(error) });
  await session?.workerScope.tearDown(workerTeardownClock(budgetMs), fail);
  await session?.workerStarted.close('worker', fail);
  session?.closeLedger();
}

// An uncaught error belongs to the test that started the work, else to the running test, else to the run.
function onUncaught(error: unknown): void {
  const owner = testContext();
  const running = runningTest();
  if (owner?.started.isOver) channel.notify('error', { error: lateError(error, owner.info) });
  else if (!running) channel.notify('error', { error: serializeError(error) });
  else if (!running.clock.interrupt(error)) running.fail(error);
}
function onRejected(reason: unknown, promise: Promise<unknown>): void {
  const entry = startedAs(promise);
  if (!entry?.started.isTold) markUnhandled(reason);
  if (!entry) return onUncaught(reason);
  const { list, started } = entry;
  if (started.isTold) return;
  // A suite's hook may leave resources for the tests below it.
  if (list.isOver) onUncaught(reason);
  else list.reject(promise, reason);
}
listenToUncaught({
  uncaughtException: onUncaught,
  unhandledRejection: onRejected,
  rejectionHandled: (promise) => startedAs(promise)?.list.handle(promise),
});

Object.defineProperty(globalThis, Symbol.for(HANGING), { value: () => hanging(session?.init.config.rootDir ?? '') });

// Ctrl-C reaches the whole process group, but main decides what to do.
// SIGUSR1 is left to Node: it starts the inspector, through which main finds the position of a loop.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// Report the position at which a test calls process.exit(). No other code ends this process that way.
process.on('exit', (code) => {
  channel.notify('exit', { error: serializeError(new Error(`process.exit(${code}) was called`)) });
  void channel.flush();
});
// Main is gone: the watcher heals, and nobody waits for an answer.
process.on('disconnect', () => process.exit(0));
