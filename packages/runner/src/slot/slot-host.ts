import { join } from 'node:path';
import {
  asMachineError,
  ChaosError,
  makeFolder,
  type Incident,
  type Json,
  type SlotContext,
  type SlotFixture,
  type SlotFixtureReference,
} from '@chaos/spec';
import type { Channel } from '../ipc/channel.js';
import type { FromSlot, SlotInit, SlotState, ToSlot } from '../ipc/messages.js';
import { openLedger, type Ledger } from '../ledger/ledger.js';
import { loadReference } from '../modules/load-reference.js';
import { inTime, type Phase } from './phase-deadline.js';

const INCIDENTS_MS = 2000;
const BY_RESET =
  'The reset before a test ends what is still open in its services, such as sessions of PostgreSQL that a test left ' +
  'in a transaction. A program has to survive that, as it has to survive a restart of them.';
/** For a fixture whose start has failed; the journal undoes the rest. */
const CLEAN_UP_MS = 5000;

/**
 * The fixtures of one slot: started on first use, dependencies first; reset between tests; stopped in reverse order.
 */
export class SlotHost {
  readonly #init: SlotInit;
  readonly #channel: Channel<ToSlot, FromSlot>;
  readonly #ledger: Ledger;
  /** In the order of starting, so dependencies come first. */
  readonly #up = new Map<string, SlotFixture>();
  readonly #starting = new Map<string, Promise<void>>();
  #references: Readonly<Record<string, SlotFixtureReference>> = {};

  constructor(init: SlotInit, channel: Channel<ToSlot, FromSlot>) {
    this.#init = init;
    this.#channel = channel;
    this.#ledger = openLedger({ directory: init.journalDirectory, name: `slot-${init.parallelIndex}-${process.pid}` });
    makeFolder(init.directory, 0o755);
  }

  /** Starts the named fixtures and their dependencies; independent ones start together. Takes snapshots of new ones. */
  async ensure(
    references: Readonly<Record<string, SlotFixtureReference>>,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<SlotState> {
    this.#references = { ...this.#references, ...references };
    const before = new Set(this.#up.keys());
    await Promise.all(names.map((name) => this.#bringUp(name, [], signal))).catch((error: unknown) => {
      throw asMachineError(error);
    });
    const added = [...this.#up.keys()].filter((name) => !before.has(name));
    // A driver's seed writes to every service, so all of them take a new snapshot.
    if (added.length > 0) await this.#each('snapshot', signal, async (fixture, limited) => fixture.snapshot?.(limited));
    return this.#state();
  }

  /** Resets to the snapshot, in order of dependency, and verifies it. */
  async reset(signal: AbortSignal): Promise<SlotState> {
    await this.#tellIncidents(signal);
    const dependentsFirst = [...this.#up].reverse();
    await this.#each(
      'beforeReset',
      signal,
      (fixture, limited) => callIfKnown(fixture, 'beforeReset', limited),
      dependentsFirst,
    );
    await this.#each('reset', signal, (fixture, limited) => fixture.reset(limited));
    await this.#each('check', signal, (fixture, limited) => fixture.check(limited));
    // What the reset itself broke would be told by the next test, which has no part in it.
    await this.#tellIncidents(signal, BY_RESET);
    return this.#state();
  }

  // One after the other, each in its time.
  async #each(
    method: Phase['method'],
    signal: AbortSignal,
    run: (fixture: SlotFixture, signal: AbortSignal) => Promise<unknown>,
    fixtures: Iterable<readonly [string, SlotFixture]> = this.#up,
  ): Promise<void> {
    for (const [name, fixture] of fixtures)
      await inTime(this.#phase(name, method, fixture, signal), (limited) => run(fixture, limited));
  }

  #phase(
    fixture: string,
    method: Phase['method'],
    { timeoutMs }: Pick<SlotFixture, 'timeoutMs'>,
    signal: AbortSignal,
  ): Phase {
    return { fixture, method, timeoutMs, deadlineFactor: this.#init.config.deadlineFactor, signal };
  }

  async call(name: string, method: string, args: readonly Json[], signal: AbortSignal): Promise<Json> {
    const fixture = this.#up.get(name);
    if (!fixture) throw new TypeError(`Cannot call ${name}.${method}: the fixture is not up`);
    try {
      return await fixture.call(method, args, signal);
    } catch (error) {
      throw asMachineError(error);
    }
  }

  /** Stops everything even after failures, then throws the first error. */
  async down(): Promise<void> {
    const errors: unknown[] = [];
    await Promise.allSettled(this.#starting.values());
    await this.#tellIncidents(AbortSignal.timeout(INCIDENTS_MS)).catch((error: unknown) => errors.push(error));
    for (const [name, fixture] of [...this.#up].reverse()) {
      try {
        await fixture.down();
      } catch (error) {
        errors.push(error);
      }
      this.#up.delete(name);
    }
    this.#ledger.close();
    if (errors.length > 0) throw errors[0];
  }

  // A worker asks at the end of each test, so what is left belongs to none: a target that died between two tests.
  async #tellIncidents(signal: AbortSignal, hint?: string): Promise<void> {
    for (const fixture of this.#up.values()) {
      const incidents = (await callIfKnown(fixture, 'incidents', signal)) ?? [];
      for (const incident of incidents as unknown as readonly Incident[])
        this.#channel.notify('incident', { ...incident, ...(hint !== undefined && { hint }) });
    }
  }

  #bringUp(name: string, path: readonly string[], signal: AbortSignal): Promise<void> {
    if (path.includes(name))
      throw new TypeError(`Slot fixtures form a dependency cycle: ${[...path, name].join(' -> ')}`);
    let starting = this.#starting.get(name);
    if (!starting) {
      starting = this.#start(name, path, signal);
      this.#starting.set(name, starting);
      // A failed start may be tried again.
      starting.catch(() => this.#starting.delete(name));
    }
    return starting;
  }

  async #start(name: string, path: readonly string[], signal: AbortSignal): Promise<void> {
    const reference = this.#references[name];
    if (!reference)
      throw new TypeError(
        `Cannot start the slot fixture "${name}": none has this name (${Object.keys(this.#references).join(', ')})`,
      );
    const create = (await loadReference(reference.module))[reference.export];
    if (typeof create !== 'function')
      throw new TypeError(
        `Cannot start the slot fixture "${name}": ${reference.module} has no function "${reference.export}"`,
      );
    const context = this.#context(name);
    const fixture = (create as (context: SlotContext) => SlotFixture)(context);
    await Promise.all(fixture.needs.map((needed) => this.#bringUp(this.#nameOf(needed), [...path, name], signal)));
    const start = performance.now();
    try {
      await inTime(this.#phase(name, 'up', fixture, signal), (limited) => fixture.up(context, limited));
    } catch (error) {
      await inTime(this.#phase(name, 'down', { timeoutMs: CLEAN_UP_MS }, signal), () => fixture.down()).catch(
        (failure: unknown) => context.log(`down after a failed start: ${String(failure)}`),
      );
      throw error instanceof ChaosError
        ? error
        : Object.assign(error instanceof Error ? error : new Error(String(error)), { slotFixture: name });
    }
    context.log(`up in ${Math.round(performance.now() - start)} ms`);
    this.#up.set(name, fixture);
  }

  // A test may name a fixture without naming its dependencies.
  #nameOf(needed: string | SlotFixtureReference): string {
    if (typeof needed === 'string') return needed;
    this.#references = { [needed.name]: needed, ...this.#references };
    return needed.name;
  }

  #state(): SlotState {
    const up = [...this.#up];
    const pids = up.flatMap(([name, fixture]) => {
      const pid = fixture.pid?.();
      return pid === undefined ? [] : [[name, pid] as const];
    });
    return {
      addresses: Object.fromEntries(up.map(([name, fixture]) => [name, fixture.address()])),
      pids: Object.fromEntries(pids),
    };
  }

  #context(name: string): SlotContext {
    const { runId, parallelIndex, variant, config, directory, sandboxed } = this.#init;
    const own = join(directory, name);
    makeFolder(own, 0o755);
    return {
      name,
      slotIndex: parallelIndex,
      runId,
      sandboxed,
      seed: config.runner.seed,
      variant,
      config,
      directory: own,
      journal: this.#ledger,
      takePort: (purpose) => this.#channel.request('takePort', { purpose }),
      outside: (module, exported, signal) => this.#channel.request('outside', { module, name: exported }, signal),
      address: (fixture) => {
        const up = this.#up.get(fixture);
        if (!up) throw new Error(`Cannot tell the address of "${fixture}": it is not up; name it in needs`);
        return up.address();
      },
      call: (fixture, method, args, signal) => this.call(fixture, method, args, signal),
      note: (text) => this.#channel.notify('note', { text }),
      log: (line) => this.#channel.notify('log', { line: `${name}: ${line}` }),
    };
  }
}

// A fixture need not have the method.
async function callIfKnown(fixture: SlotFixture, method: string, signal: AbortSignal): Promise<Json | undefined> {
  try {
    return await fixture.call(method, [], signal);
  } catch (error) {
    if ((error as Error).name === 'TypeError') return undefined;
    throw error;
  }
}
