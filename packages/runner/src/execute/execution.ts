import { join } from 'node:path';
import type { Calibration } from '@chaos/env';
import type { ProjectConfig, RunEvent, RunStatus, SerializedError } from '@chaos/spec';
import { healJournals } from '../ledger/heal.js';
import { createRunFolder, type RunFolder } from '../ledger/run-folder.js';
import { startWatcher, type Watcher } from '../ledger/start-watcher.js';
import { planJobChains, type JobChain, type Job } from '../plan/job-chains.js';
import { limitWorkers } from '../plan/limit-workers.js';
import { orderChains } from '../plan/order.js';
import { shuffleTests } from '../plan/shuffle-tests.js';
import type { TestStory } from '../verdict/test-story.js';
import { blockersOf, isSupport, planPhases } from '../plan/phases.js';
import type { RunOptions } from '../run-options.js';
import { Dispatcher } from '../dispatch/dispatcher.js';
import type { Plan } from './load-plan.js';
import { preserveOutput } from './preserve-output.js';
import { Results } from '../dispatch/results.js';
import { findSandbox, type Sandbox } from '../processes/sandbox.js';
import { shareEnvironment } from '../processes/share-environment.js';
import { skipUnmet } from './machine/skip-unmet.js';
import { slotEvents } from './slot-events.js';
import { SlotProcess } from '../processes/slot-process.js';
import { Stress } from '../dispatch/stress.js';
import { MachineWatch } from './machine/watch-machine.js';
import { tellRunning } from '../hang/tell-running.js';
import { WorkerPool } from '../processes/worker-pool.js';

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
      fault: nothing,
      eventLoop: nothing,
      output: (stream: 'stdout' | 'stderr', text: string) => emit({ type: 'test-output', stream, text }),
      error: (error: Parameters<Results['error']>[0]) =>
        this.#results ? this.#results.error(error) : emit({ type: 'run-error', error }),
      slotCall: () => Promise.reject(new Error('Cannot call a slot outside a test')),
    };
    this.workers = new WorkerPool(
      {
        runId,
        config: options.config,
        variant: options.variant,
        faults: options.faults,
        argv: options.argv,
        version: options.version,
      },
      idle,
      (worker) => this.#machine?.watch(`worker-${worker.init.parallelIndex}`, worker.child.pid),
    );
  }

  // Deadlines are stretched only by competition and a slower CPU; a fast, idle machine keeps the configured values.
  get #deadlineFactor(): number {
    return this.#calibration ? Math.min(8, Math.max(1, this.#calibration.contention / this.#calibration.speed)) : 1;
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
    const { speed, contention } = this.#calibration;
    const during = this.#machine?.contention;
    return {
      calibration: {
        speed,
        contention,
        deadlineFactor: this.#deadlineFactor,
        ...(during !== undefined && { duringContention: during }),
      },
    };
  }

  /** Runs the plan. The verdict decides whether that was a success. */
  async run(plan: Plan): Promise<void> {
    const { config, shuffle, until } = this.#options;
    const stresses: Stress[] = [];
    const results = (this.#results = new Results(
      plan.tests,
      this.#emit,
      (from, to) => this.#machine?.window(from, to),
      until !== undefined,
    ));
    this.#timingFile = plan.timingFile;
    for (const problem of plan.problems) results.error(problem);
    const skipped = await skipUnmet(plan.tests, this.#options.capabilities ?? [], this.#signal);
    for (const [testId, reason] of skipped) results.skip(testId, reason, false);
    const willing = plan.tests.filter(({ id }) => !skipped.has(id));
    const runnable = shuffle === undefined ? willing : shuffleTests(willing, shuffle);
    const file = plan.timingFile;
    const slotFixtures = (name: string): Job['slotFixtures'] => plan.slotFixtures.get(name) ?? {};
    const chainsOf = (projects: readonly ProjectConfig[]): JobChain[] =>
      limitWorkers(
        planJobChains(
          runnable.filter((test) => projects.some(({ name }) => name === test.project)),
          slotFixtures,
        ),
        projects,
      );
    const usesSlots = runnable.some(({ slotNeeds }) => slotNeeds.length > 0);
    const folder = usesSlots || runnable.some(({ takesFixtures }) => takesFixtures) ? this.#openFolder() : undefined;
    const [sandbox] = usesSlots ? await Promise.all([this.#findSandbox(), this.#calibrate()]) : [];
    this.#slots = Array.from(
      {
        length: until
          ? config.runner.workers
          : Math.max(1, Math.min(config.runner.workers, chainsOf([...plan.projects]).length)),
      },
      (_, index) => this.#createSlot(index, sandbox),
    );
    const dispatcher = new Dispatcher({
      config,
      slots: this.#slots,
      workers: this.workers,
      results,
      signal: this.#signal,
      deadlineFactor: this.#deadlineFactor,
      journalDirectory: folder?.journalDirectory,
      importedBy: plan.importedBy,
      emit: this.#emit,
      eventLoop: (place, reading) => this.#machine?.reportEventLoop(`worker-${place}`, reading),
    });
    const phases = planPhases(plan.projects);
    for (const [index, { projects }] of phases.entries()) {
      const ready = projects.filter((project) => !this.#blocked(project, plan, results));
      const repeated = new Set(until ? ready.filter(({ name }) => !isSupport(name, plan.projects)) : []);
      const stress = until && new Stress(until, chainsOf([...repeated]), config.runner.globalTimeoutMs);
      if (stress) stresses.push(stress);
      await dispatcher.run(
        orderChains(chainsOf(ready.filter((project) => !repeated.has(project))), {
          timings: file.timings,
          shuffle,
          workers: config.runner.workers,
        }),
        stress,
      );
      // Environment changes of a project are for the projects that depend on it.
      if (index < phases.length - 1) await shareEnvironment(this.workers.alive());
    }
    for (const message of stresses.flatMap((stress) => stress.problems())) results.error({ message });
    results.finish(dispatcher.stopReason ?? 'nothing ran it');
    this.#environmentError = dispatcher.environmentError;
    // afterAll hooks and worker fixtures may still fail, which affects the verdict.
    await this.workers.finish();
  }

  /** Stores data for later runs, and removes output that is not kept. */
  async keep(status: RunStatus): Promise<void> {
    if (!this.#results) return;
    this.#results.finish('it was left where it was');
    this.#timingFile?.add(this.#results.tests, status);
    await preserveOutput(this.#options.config.runner, this.#results);
  }

  // A project whose dependency failed does not run; a teardown always runs.
  #blocked(project: ProjectConfig, plan: Plan, results: Results): boolean {
    const failed = blockersOf(project, [...plan.projects]).find(({ name }) => results.hasFailed(name));
    if (!failed) return false;
    for (const { id, project: name } of plan.tests)
      if (name === project.name) results.skip(id, `the project "${failed.name}", which it depends on, failed`, true);
    return true;
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
    this.#machine = await MachineWatch.start(this.#options.config, this.#emit);
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
