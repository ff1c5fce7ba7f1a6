import { join } from 'node:path';
import type { Calibration } from '@chaos/env';
import type { CalibrationFacts, RunEvent, RunStatus, SerializedError } from '@chaos/spec';
import { healJournals } from '../ledger/heal.js';
import { createRunFolder, type RunFolder } from '../ledger/run-folder.js';
import { startWatcher, type Watcher } from '../ledger/start-watcher.js';
import type { PlannedTest } from '../plan/planned-test.js';
import { shuffleTests } from '../plan/shuffle-tests.js';
import type { TestStory } from '../verdict/test-story.js';
import type { RunOptions } from '../run-options.js';
import { Dispatcher } from '../dispatch/dispatcher.js';
import type { Dispatching } from '../dispatch/dispatcher-options.js';
import type { Feed } from '../elsewhere.js';
import { feedingOf } from './elsewhere/fed-plan.js';
import { RemoteDispatcher } from './elsewhere/remote-dispatcher.js';
import type { Plan } from './loading/load-plan.js';
import { SharedEnvironment } from '../dispatch/shared-environment.js';
import { chainsOfProjects, runPhases } from './run-phases.js';
import { preserveOutput } from './preserve-output.js';
import { Results } from '../dispatch/results.js';
import { findSandbox, type Sandbox } from '../processes/sandbox.js';
import { skipUnmet } from './machine/skip-unmet.js';
import { slotEvents } from './slot-events.js';
import { SlotProcess } from '../processes/slot-process.js';
import { MachineWatch } from './machine/watch-machine.js';
import { tellRunning } from '../hang/tell-running.js';
import { WorkerPool } from '../processes/workers/worker-pool.js';

/**
 * Everything that a run holds: workers, slots, folder, watcher, monitor. Each is created on first use; `close` ends all
 * of them.
 */
export class Execution {
  readonly workers: WorkerPool;
  readonly #options: RunOptions;
  readonly #runId: string;
  readonly #signal: AbortSignal;
  readonly #emit: (event: RunEvent) => void;
  #results: Results | undefined;
  #timingFile: Plan['timingFile'] | undefined;
  #slots: readonly SlotProcess[] = [];
  #folder: RunFolder | undefined;
  #watcher: Watcher | undefined;
  #machine: MachineWatch | undefined;
  #calibration: Calibration | undefined;
  #environmentError: SerializedError | undefined;

  constructor({
    options,
    runId,
    signal,
    emit,
  }: {
    options: RunOptions;
    runId: string;
    signal: AbortSignal;
    emit: (event: RunEvent) => void;
  }) {
    this.#options = options;
    this.#runId = runId;
    this.#signal = signal;
    this.#emit = emit;
    const nothing = (): void => {};
    const idle = {
      testBegin: nothing,
      testEnd: nothing,
      testSkip: nothing,
      testMissing: nothing,
      progress: nothing,
      eventLoop: nothing,
      output: (stream: 'stdout' | 'stderr', text: string) => emit({ type: 'test-output', stream, text }),
      error: (error: Parameters<Results['error']>[0]) =>
        this.#results ? this.#results.error(error) : emit({ type: 'run-error', error }),
      slotCall: () => Promise.reject(new Error('Cannot call a slot outside a test')),
      goesOn: () => true,
    };
    this.workers = new WorkerPool(
      {
        runId,
        config: options.config,
        variant: options.variant,
        faults: options.faults,
        everyStep: options.reporters.some(({ everyStep }) => everyStep === true),
        argv: options.argv,
        version: options.version,
      },
      idle,
      (worker) => this.#machine?.watch(`worker-${worker.init.parallelIndex}`, worker.child.pid),
    );
  }

  // Deadlines are stretched by competition and a slower CPU; a fast, idle machine keeps the configured values. The
  // configuration has a factor of its own only where a run is repeated with more time on purpose.
  get #deadlineFactor(): number {
    const { deadlineFactor } = this.#options.config;
    if (!this.#calibration) return deadlineFactor;
    return deadlineFactor * Math.min(8, Math.max(1, this.#calibration.contention / this.#calibration.speed));
  }

  /** Reason why the environment could not be set up, if any. */
  get environmentError(): SerializedError | undefined {
    return this.#environmentError;
  }

  /** History of each test so far; empty before planning. */
  get stories(): readonly TestStory[] {
    return this.#results?.stories ?? [];
  }

  /** True if the machine was overloaded and this should fail the run. */
  get isOverloaded(): boolean {
    return this.#options.config.monitor.policy === 'fail' && this.#results?.overloaded === true;
  }

  /** Data for `run-end`. */
  get calibration(): { readonly calibration?: Extract<RunEvent, { type: 'run-end' }>['calibration'] & object } {
    if (!this.#calibration) return {};
    const during = this.#machine?.contention;
    return {
      calibration: {
        ...this.#calibrationFacts(this.#calibration),
        ...(during !== undefined && { duringContention: during }),
      },
    };
  }

  #calibrationFacts({ speed, contention }: Calibration): CalibrationFacts {
    return { speed, contention, deadlineFactor: this.#deadlineFactor };
  }

  /** Runs the plan. The verdict decides whether that was a success. */
  async run(plan: Plan): Promise<void> {
    const { shuffle, until, remote, feed } = this.#options;
    const signal = this.#signal;
    const results = (this.#results = new Results(
      feed ? [] : plan.tests,
      this.#emit,
      (attempt) => this.#machine?.during(attempt),
      until !== undefined,
    ));
    this.#timingFile = plan.timingFile;
    if (!feed) plan.timingFile.begin(plan.tests.map(({ id }) => id));
    for (const problem of plan.problems) results.error(problem);
    if (feed) return this.#runFed(plan, feed, results);
    const skipped = await skipUnmet(plan.tests, this.#options, signal);
    for (const [testId, reason] of skipped) results.skip(testId, reason, false);
    const willing = plan.tests.filter(({ id }) => !skipped.has(id));
    const runnable = shuffle === undefined ? willing : shuffleTests(willing, shuffle);
    const chainsOf = chainsOfProjects(plan, runnable);
    const environment = new SharedEnvironment(plan.projects);
    const length = until ? undefined : chainsOf([...plan.projects]).length;
    const dispatcher = remote
      ? new RemoteDispatcher({ ...this.#options, remote, runId: this.#runId, plan, results, signal, emit: this.#emit })
      : await this.#here(plan, results, environment, { runnable, length });
    const { workers } = this;
    await runPhases({ plan, options: this.#options, chainsOf, dispatcher, results, workers, environment });
    await this.#conclude(results, dispatcher);
  }

  // Runs what it is handed, in slots that stay as they are between the units.
  async #runFed(plan: Plan, feed: Feed, results: Results): Promise<void> {
    const environment = new SharedEnvironment(plan.projects);
    const dispatcher = await this.#here(plan, results, environment, { runnable: plan.tests, length: undefined });
    await dispatcher.run([], undefined, feedingOf(feed, plan, results));
    await this.#conclude(results, dispatcher);
  }

  async #conclude(results: Results, { stopReason, environmentError }: Dispatching): Promise<void> {
    results.finish(stopReason ?? 'nothing ran it');
    this.#environmentError = environmentError;
    // afterAll hooks and worker fixtures may still fail, which affects the verdict.
    await this.workers.finish();
  }

  async #here(
    plan: Plan,
    results: Results,
    environment: SharedEnvironment,
    { runnable, length }: { readonly runnable: readonly PlannedTest[]; readonly length: number | undefined },
  ): Promise<Dispatcher> {
    const journalDirectory = await this.#setUp(runnable, length);
    return new Dispatcher({
      config: this.#options.config,
      environmentOf: (project) => environment.for(project),
      slots: this.#slots,
      workers: this.workers,
      results,
      signal: this.#signal,
      deadlineFactor: this.#deadlineFactor,
      journalDirectory,
      importedBy: plan.importedBy,
      emit: this.#emit,
      eventLoop: (place, reading) => this.#machine?.reportEventLoop(`worker-${place}`, reading),
    });
  }

  // Opens the folder of the run and creates its slots, as far as the tests need them. Returns the folder of journals.
  async #setUp(runnable: readonly PlannedTest[], chains: number | undefined): Promise<string | undefined> {
    const usesSlots = runnable.some(({ slotNeeds }) => slotNeeds.length > 0);
    const folder = usesSlots || runnable.some(({ takesFixtures }) => takesFixtures) ? this.#openFolder() : undefined;
    const [sandbox] = usesSlots ? await Promise.all([this.#findSandbox(), this.#calibrate()]) : [];
    const { workers } = this.#options.config.runner;
    const length = chains === undefined ? workers : Math.max(1, Math.min(workers, chains));
    this.#slots = Array.from({ length }, (_, index) => this.#createSlot(index, sandbox));
    return folder?.journalDirectory;
  }

  /** Stores data for later runs, and removes output that is not kept. */
  async keep(status: RunStatus): Promise<void> {
    if (!this.#results) return;
    this.#results.finish('it was left where it was');
    this.#timingFile?.add(this.#results.tests, status);
    await preserveOutput(this.#options.config.runner, this.#results);
  }

  /** Asks each worker where it is, and prints the running tests. */
  async tellRunning(): Promise<void> {
    const asked = await Promise.all(this.workers.alive().map((worker) => worker.where()));
    const tests = new Map([...(this.#results?.tests ?? [])].map(([id, { test }]) => [id, test]));
    const done = [...(this.#results?.tests.values() ?? [])].filter(({ outcome }) => outcome !== undefined).length;
    this.#emit({
      type: 'diagnostic',
      asked: true,
      text: tellRunning(asked, tests, this.#options.config.rootDir, done),
    });
  }

  /** Ends everything, whatever state the run is in. */
  async close(): Promise<void> {
    await this.#options.remote?.close();
    await this.workers.stop();
    const downs = await Promise.allSettled(this.#slots.map((slot) => slot.down(this.#signal.aborted)));
    for (const down of downs)
      if (down.status === 'rejected') this.#emit({ type: 'diagnostic', text: `slot: ${String(down.reason)}` });
    await this.#machine?.[Symbol.asyncDispose]();
    if (!this.#folder) return;
    const { failed } = await healJournals(this.#folder.journalDirectory, {
      log: (text) => this.#emit({ type: 'diagnostic', text }),
    });
    for (const { what, error } of failed)
      this.#emit({
        type: 'run-error',
        error: { message: `Cannot undo ${what}: ${String(error)}`, hint: 'Try `chaos heal`.' },
      });
    // End the watcher last: if this process is killed meanwhile, it still removes the run's folders.
    await this.#folder.remove();
    await this.#watcher?.done();
  }

  #openFolder(): RunFolder {
    this.#folder = createRunFolder({ runId: this.#runId, argv: this.#options.argv });
    this.#watcher = startWatcher({ runFolder: this.#folder, log: (text) => this.#emit({ type: 'diagnostic', text }) });
    return this.#folder;
  }

  async #calibrate(): Promise<void> {
    this.#calibration = await this.#options.calibrate?.();
    const calibration = this.#calibration && this.#calibrationFacts(this.#calibration);
    this.#machine = await MachineWatch.start({ config: this.#options.config, calibration, emit: this.#emit });
    this.#machine?.watch('main', process.pid);
    for (const { init, child } of this.workers.alive()) this.#machine?.watch(`worker-${init.parallelIndex}`, child.pid);
  }

  #findSandbox(): Promise<Sandbox | undefined> {
    return findSandbox(this.#options.config, this.#signal, (text) => this.#emit({ type: 'diagnostic', text }));
  }

  #createSlot(index: number, sandbox: Sandbox | undefined): SlotProcess {
    const { config, variant, faults, argv, version } = this.#options;
    const folder = this.#folder;
    const init = {
      runId: this.#runId,
      config: { ...config, deadlineFactor: this.#deadlineFactor },
      parallelIndex: index,
      variant,
      faults,
      argv,
      version,
      journalDirectory: folder?.journalDirectory ?? '',
      directory: folder ? join(folder.dataDirectory, `slot-${index}`) : '',
    };
    const events = slotEvents(index, {
      emit: this.#emit,
      workers: this.workers,
      machine: () => this.#machine,
    });
    return new SlotProcess(init, events, sandbox);
  }
}
