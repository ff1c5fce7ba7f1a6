import { StartedList } from '../info/started.js';
import {
  markSecretNames,
  markSecretsIn,
  markSecretsOfShell,
  type Incident,
  type Json,
  type ResolvedConfig,
  type SlotFixtureReference,
} from '@chaos/spec';
import type { Fixture } from '../fixtures/fixture.js';
import { Scope } from '../fixtures/scope.js';
import type { Channel } from '../ipc/channel.js';
import type { EnvironmentChanges, FromWorker, Leak, TestOrder, ToWorker, WorkerInit } from '../ipc/messages.js';
import { reportEventLoop } from '../ipc/report-event-loop.js';
import { openLedger, type Ledger } from '../ledger/ledger.js';
import type { FixtureList } from '../fixtures/fixture-list.js';
import type { RetryWhen } from '../retry/retry-options.js';
import type { SlotHandle } from '../declare/test-type.js';
import { waitingFor } from '../info/waits.js';
import { withCall } from '../data/with-call.js';
import { captureCall, locationOf } from '../data/call-location.js';
import { readConfigModule } from '../modules/config-module.js';
import { ProjectEnvironment } from './environment.js';
import { LeakWatch } from './leaks/leak-watch.js';
import type { Origins } from './leaks/origins.js';
import { allOf } from '../data/real-promises.js';

const LEFTOVERS_MS = 1000;
/** Between a call of a slot and the user's line: fixtures, faults, recorders. */
const CALL_FRAMES = 30;

/** A leftover reported by a slot fixture; `localPort` is that of the connection it came over. */
type Leftover = string | { readonly what: string; readonly localPort?: number };

/** State that a worker keeps between tests. */
export class Session {
  readonly init: WorkerInit;
  readonly channel: Channel<ToWorker, FromWorker>;
  readonly workerScope: Scope = new Scope('worker');
  /** Work that worker fixtures start: it has to end with them. */
  readonly workerStarted: StartedList = new StartedList();
  /** Created after the runner's own variables are set. */
  readonly environment: ProjectEnvironment = new ProjectEnvironment();
  /** Changes that the projects which the one at hand depends on have left in the environment. */
  given: EnvironmentChanges = {};
  addresses: Readonly<Record<string, Json>> = {};
  /** Resolved configuration, with the calibrated deadline factor. */
  config: ResolvedConfig;
  journalDirectory: string | undefined;
  /** Of the project that runs. */
  outputDir: string;
  /** Present unless `runner.leaks` is off. */
  readonly leaks: LeakWatch | undefined;
  /** Set while a test runs for the second time, to find who opens its leftovers. */
  leakRun: Origins | undefined;
  #entered: Pick<TestOrder, 'project' | 'repeatEachIndex'> | undefined;
  #ledger: Ledger | undefined;
  readonly #told = new Set<string>();
  /** Methods that slot fixtures do not have. */
  readonly #unable = new Set<string>();
  #reporting = false;
  readonly #whens = new Map<string, RetryWhen | undefined>();
  readonly #uses = new Map<string, FixtureList>();

  constructor(init: WorkerInit, channel: Channel<ToWorker, FromWorker>) {
    this.init = init;
    this.config = init.config;
    this.outputDir = init.config.runner.outputDir;
    this.channel = channel;
    this.leaks =
      init.config.runner.leaks === 'off'
        ? undefined
        : new LeakWatch((path) => this.journalDirectory !== undefined && path.startsWith(this.journalDirectory));
  }

  /**
   * Switches to a project and a repetition, and returns true if they are new: resources opened for another project are
   * not reused.
   */
  enter({ project, repeatEachIndex }: TestOrder): { readonly isNew: boolean; readonly isOtherProject: boolean } {
    const before = this.#entered;
    const isOtherProject = before !== undefined && before.project !== project;
    const isNew = isOtherProject || (before !== undefined && before.repeatEachIndex !== repeatEachIndex);
    if (isNew || !before) this.#entered = { project, repeatEachIndex };
    return { isNew, isOtherProject };
  }

  /** Opened when the first fault with an undo is injected. */
  get ledger(): Ledger {
    if (this.journalDirectory === undefined)
      throw new Error(
        'Cannot write down the undo of a fault: no test of this run takes a fixture, so it has no journal',
      );
    return (this.#ledger ??= openLedger({
      directory: this.journalDirectory,
      name: `worker-${this.init.parallelIndex}-${this.init.workerIndex}`,
    }));
  }

  /** The values of `use` in `chaos.config.ts` for a project; {@link loadConfigModule} must have been called. */
  projectUse(name: string): FixtureList | undefined {
    return this.#uses.get(name);
  }

  /** `retries.when` in `chaos.config.ts` for a project; {@link loadConfigModule} must have been called. */
  retryWhen(project: string): RetryWhen | undefined {
    return this.#whens.get(project);
  }

  /** Reads the values of `use` from the configuration module, which is code: it is loaded here, not sent. */
  async loadConfigModule(): Promise<void> {
    const { runner } = this.init.config;
    if (runner.configModule === undefined || this.#uses.size > 0) return;
    for (const [name, { use, when }] of await this.environment.adopt(() => readConfigModule(runner))) {
      this.#whens.set(name, when);
      this.#uses.set(name, {
        kind: 'config',
        fixtures: use,
        location: { file: runner.configModule, line: 1, column: 1 },
      });
    }
  }

  /** Runs a setup or teardown of things that outlive a test, so they are no test's leak. */
  async adopt<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await (this.leaks ? this.leaks.adopt(action) : action());
    } finally {
      this.takeUnhealed();
    }
  }

  /** Recorded changes that were not undone. Each is reported once. */
  takeUnhealed(): readonly string[] {
    if (!this.#ledger) return [];
    const unhealed = [...this.#ledger.unsettled].filter(([id]) => !this.#told.has(id));
    for (const [id] of unhealed) this.#told.add(id);
    return unhealed.map(([, what]) => what);
  }

  /** Returns leftovers of the test in the slot's services; in a leak run, also where they were opened. */
  async leftovers(): Promise<readonly Leak[]> {
    const answers = await allOf(
      this.#fixturesWith('leftovers').map(async (fixture) => {
        // An unhealthy fixture is not the test's leftover.
        const found = await this.#ask(fixture, 'leftovers', AbortSignal.timeout(LEFTOVERS_MS)).catch(() => []);
        return found as readonly Leftover[];
      }),
    );
    return answers.flat().map((left) => {
      const { what, localPort } = typeof left === 'string' ? { what: left } : left;
      const location = localPort === undefined ? undefined : this.leakRun?.ofPort(localPort);
      return { what, ...(location && { location }) };
    });
  }

  /** True if a part of the slot may have incidents to tell. */
  get hasIncidents(): boolean {
    return this.#fixturesWith('incidents').length > 0;
  }

  /** Incidents of the parts of the slot since the last call that nobody asked for. */
  async incidents(signal: AbortSignal): Promise<readonly Incident[]> {
    const answers = await allOf(
      this.#fixturesWith('incidents').map((fixture) => this.#ask(fixture, 'incidents', signal)),
    );
    return answers.flat() as unknown as readonly Incident[];
  }

  /** Parts of the slot that ended by themselves, are still down, and of which {@link incidents} will tell. */
  async ended(signal: AbortSignal): Promise<readonly Pick<Incident, 'what' | 'atMs'>[]> {
    const asked = this.#fixturesWith('ended').map((fixture) => this.#ask(fixture, 'ended', signal));
    return (await allOf(asked)).flat() as unknown as readonly Pick<Incident, 'what' | 'atMs'>[];
  }

  /** Output of the parts of the slot since a time, in milliseconds since the Unix epoch. */
  async logs(sinceMs: number): Promise<readonly { readonly name: string; readonly text: string }[]> {
    const asked = this.#fixturesWith('logs').map((fixture) =>
      // A log is no reason to fail, or to wait long.
      this.#ask(fixture, 'logs', AbortSignal.timeout(LEFTOVERS_MS), [sinceMs]).catch(() => []),
    );
    return (await allOf(asked)).flat() as unknown as { readonly name: string; readonly text: string }[];
  }

  /** The slot fixtures that may know a method. */
  #fixturesWith(method: string): readonly string[] {
    return Object.keys(this.addresses).filter((name) => !this.#unable.has(`${name}.${method}`));
  }

  // A fixture without such a method will not get one later, so it is not asked again.
  async #ask(
    fixture: string,
    method: string,
    signal: AbortSignal,
    args: readonly Json[] = [],
  ): Promise<readonly Json[]> {
    try {
      return (await this.channel.request('slotCall', { fixture, method, args }, signal)) as readonly Json[];
    } catch (error) {
      if ((error as Error).name !== 'TypeError') throw error;
      this.#unable.add(`${fixture}.${method}`);
      return [];
    }
  }

  closeLedger(): void {
    this.#ledger?.close();
  }

  /** True while the running order has services. */
  get usesSlot(): boolean {
    return Object.keys(this.addresses).length > 0;
  }

  /** From now on figures of this process's event loop are sent to main. */
  reportEventLoop(): void {
    if (this.#reporting) return;
    this.#reporting = true;
    void reportEventLoop(this.config.monitor.intervalMs, (reading) => this.channel.notify('eventLoop', reading));
  }

  /** Access to a slot fixture for a test: its current address, and calls over ipc. */
  handle = (fixture: Fixture): SlotHandle => this.#handleOf((fixture.value as SlotFixtureReference).name);

  #handleOf(name: string): SlotHandle<never> {
    const { channel } = this;
    const address = (): never => {
      if (!(name in this.addresses)) throw new Error(`Cannot reach the slot fixture "${name}": it is not up`);
      return this.addresses[name] as never;
    };
    return {
      get address() {
        return address();
      },
      call: async function callSlot<T extends Json>(method: string, args: readonly Json[] = [], signal?: AbortSignal) {
        const done = waitingFor(`${name}.${method}() in the slot`);
        const call = captureCall(callSlot, CALL_FRAMES);
        try {
          return (await channel.request('slotCall', { fixture: name, method, args }, signal)) as T;
        } catch (error) {
          throw withCall(error, () => locationOf(call));
        } finally {
          done();
        }
      },
      sibling: (other) => this.#handleOf(other),
    };
  }

  /** Stores the slot's addresses; fixtures that depend on a changed one are torn down, to be set up again. */
  async setAddresses(addresses: Readonly<Record<string, Json>>): Promise<readonly unknown[]> {
    const before = this.addresses;
    // Attachments are redacted here, where their text is known.
    markSecretNames(this.config.secret);
    markSecretsOfShell(process.env);
    markSecretsIn([addresses, this.config.services, this.config.target, this.config.targets]);
    this.addresses = addresses;
    const changed = ({ scope, value }: Fixture): boolean => {
      if (scope !== 'slot') return false;
      const { name } = value as SlotFixtureReference;
      return name in before && JSON.stringify(before[name]) !== JSON.stringify(addresses[name]);
    };
    const errors: unknown[] = [];
    await this.workerScope.tearDown(
      (_, __, run) => run(),
      (error) => errors.push(error),
      changed,
    );
    return errors;
  }
}
