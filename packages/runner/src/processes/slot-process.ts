import {
  ChaosError,
  isChaosError,
  markSecretsIn,
  type Incident,
  type Json,
  type SlotFixtureReference,
} from '@chaos/spec';
import type { EventLoopReading } from '@chaos/monitor';
import { Channel } from '../ipc/channel.js';
import type { FromSlot, SlotCall, SlotInit, SlotState, ToSlot } from '../ipc/messages.js';
import { healJournals } from '../ledger/heal.js';
import { acquirePortBlock, type PortBlock } from '../ports/port-block.js';
import { answersWithin } from '../hang/answers-within.js';
import { callOutside } from './call-outside.js';
import { startChild, type Child } from './child.js';
import type { Sandbox } from './sandbox.js';
import type { SlotNamespace } from './sandbox.js';
import { locateWorker } from '../hang/locate-worker.js';

/** Events of a slot. */
export interface SlotEvents {
  state(state: 'starting' | 'ready' | 'resetting' | 'rebuilding' | 'down', detail?: string): void;
  log(line: string): void;
  started(pid: number): void;
  /** The slot is ready; with a sandbox, `namespace` is the way into its namespace. */
  open(namespace: SlotNamespace | undefined): void;
  /** Its process died, and its services with it. */
  lost(reason: string): void;
  /** Nobody asked for it, and no test ran. */
  incident(incident: Incident): void;
  /** Current process of one of its fixtures. */
  process(fixture: string, pid: number): void;
  eventLoop(reading: EventLoopReading): void;
}

/** The slot fixtures that a job needs: all that its file knows, and the names of those needed. */
export interface SlotNeeds {
  readonly slotNeeds: readonly string[];
  readonly slotFixtures: Readonly<Record<string, SlotFixtureReference>>;
}

interface Live {
  readonly child: Child;
  /** Its own namespace, if it has one. */
  readonly namespace: SlotNamespace | undefined;
  readonly channel: Channel<FromSlot, ToSlot>;
  /** Reason, once it has died by itself and its resources are gone. */
  readonly lost: Promise<ChaosError>;
  /** Time allowed for the current ping, ms; `Infinity` without one. */
  askedMs: number;
}

const DOWN_MS = 8000;
// For a run that was told to end; its journals undo the rest.
const DOWN_SOON_MS = 3000;
const ANSWER_MS = 2000;
// Its event loop always turns, because it only starts services and does no work itself.
const PING_MS = 5000;
const SILENT_MS = 30_000;
// Its inspector needs a tenth of a second.
const LOCATE_MS = 1500;

/** One parallel place: its process starts on first use, and is rebuilt if it cannot be trusted. */
export class SlotProcess {
  readonly #init: SlotInit;
  readonly #events: SlotEvents;
  readonly #sandbox: Sandbox | undefined;
  #live: Live | undefined;
  #ports: Promise<PortBlock> | undefined;
  #dirty = false;
  readonly #notes: string[] = [];
  #silent: string | undefined;
  /** Death of the previous process. Its ports and folders are not reused before. */
  #gone: Promise<unknown> = Promise.resolve();

  constructor(init: Omit<SlotInit, 'sandboxed'>, events: SlotEvents, sandbox: Sandbox | undefined) {
    this.#init = { ...init, sandboxed: sandbox !== undefined };
    this.#events = events;
    this.#sandbox = sandbox;
  }

  /** What people should know of the last preparation; each is returned once. */
  takeNotes(): readonly string[] {
    return this.#notes.splice(0);
  }

  get pid(): number | undefined {
    return this.#live?.child.pid;
  }

  /** Namespace that its workers must run in, if any. */
  get namespace(): SlotNamespace | undefined {
    return this.#live?.namespace;
  }

  /**
   * Makes sure that everything needed is up and equal to the snapshot. A slot that cannot be reset, or dies
   * meanwhile, is rebuilt once.
   */
  async prepare(needs: SlotNeeds, signal: AbortSignal): Promise<Readonly<Record<string, Json>>> {
    try {
      return await this.#prepare(needs, signal);
    } catch (error) {
      // A capability missing here is missing in a new slot, too.
      if (
        signal.aborted ||
        !(this.#dirty || isChaosError(error, 'SLOT_LOST')) ||
        isChaosError(error, 'CAPABILITY_MISSING')
      )
        throw error;
      const why = (error instanceof Error ? error.message : String(error)).replace(/^ChaosError: /, '');
      this.#events.state('rebuilding', why);
      this.#notes.push(`the slot was rebuilt: ${why}`);
      await this.down();
      return this.#prepare(needs, signal);
    }
  }

  async #prepare(needs: SlotNeeds, signal: AbortSignal): Promise<Readonly<Record<string, Json>>> {
    if (!this.#live) await this.#gone;
    const live = (this.#live ??= this.#start());
    const dirty = this.#dirty;
    this.#events.state(dirty ? 'resetting' : 'starting');
    // Reset first, then start new services: a snapshot must not include leftovers.
    if (dirty) await this.#ask(live, signal, (channel) => channel.request('reset', null, signal));
    const { addresses, pids }: SlotState = await this.#ask(live, signal, (channel) =>
      channel.request('ensure', { fixtures: needs.slotFixtures, names: needs.slotNeeds }, signal),
    );
    // URLs of its services contain passwords.
    markSecretsIn(addresses);
    this.#dirty = true;
    for (const [fixture, pid] of Object.entries(pids)) this.#events.process(fixture, pid);
    this.#events.state('ready');
    return addresses;
  }

  async call(call: SlotCall, signal: AbortSignal): Promise<Json> {
    if (!this.#live)
      throw new ChaosError('SLOT_LOST', `Cannot call ${call.fixture}.${call.method}: the slot is not up`);
    return this.#ask(this.#live, signal, (channel) => channel.request('call', call, signal));
  }

  async #ask<T>(live: Live, signal: AbortSignal, request: (channel: Live['channel']) => Promise<T>): Promise<T> {
    const beat = setInterval(() => void this.#ping(live, SILENT_MS), PING_MS);
    // Told to stop, it has no half a minute.
    const stop = (): void => void this.#ping(live, ANSWER_MS);
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await request(live.channel);
    } catch (error) {
      throw live.channel.closed ? await live.lost : error;
    } finally {
      clearInterval(beat);
      signal.removeEventListener('abort', stop);
    }
  }

  // A loop in a fixture never answers.
  async #ping(live: Live, patienceMs: number): Promise<void> {
    if (live.askedMs <= patienceMs) return;
    live.askedMs = patienceMs;
    const isThere = await answersWithin(patienceMs, () => live.channel.request('ping', null));
    live.askedMs = Infinity;
    if (isThere || !live.child.alive()) return;
    const openInspector = (signal: AbortSignal): Promise<string> => live.child.openInspector(signal);
    const { location } = await locateWorker({ openInspector, enter: live.namespace?.enter }, LOCATE_MS);
    const where = location ? ` at ${location.file}:${location.line}:${location.column}` : ' in a slot fixture';
    this.#silent = `was killed: its event loop did not turn for ${patienceMs} ms: a loop that never ends${where}?`;
    live.child.process.kill('SIGKILL');
  }

  /** Waits until everything the slot owns is gone: by itself, or else by its journal; `soon` shortens the wait. */
  async down(soon = false): Promise<void> {
    const live = this.#live;
    this.#live = undefined;
    this.#dirty = false;
    if (live) {
      if (live.child.alive()) {
        const timer = setTimeout(() => live.child.process.kill('SIGKILL'), soon ? DOWN_SOON_MS : DOWN_MS);
        void answersWithin(ANSWER_MS, () => live.channel.request('ping', null)).then((answers) => {
          if (!answers) live.child.process.kill('SIGKILL');
        });
        await live.channel.request('down', null).catch((error: unknown) => this.#events.log(`down: ${String(error)}`));
        clearTimeout(timer);
        live.child.process.kill('SIGKILL');
      }
      await live.child.exited;
      await this.#heal(live.child.pid);
      this.#events.state('down');
    }
    const ports = this.#ports;
    this.#ports = undefined;
    await (await ports)?.[Symbol.asyncDispose]();
  }

  #acquirePorts(): Promise<PortBlock> {
    const ports = (this.#ports ??= acquirePortBlock());
    ports.catch(() => {
      if (this.#ports === ports) this.#ports = undefined;
    });
    return ports;
  }

  #start(): Live {
    const sandbox = this.#sandbox;
    const child = startChild('slot/main', this.#init.runId, sandbox?.create);
    const namespace = sandbox && { enter: (argv: readonly string[]) => sandbox.enter(child.pid, argv) };
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => this.#events.log(String(data).trimEnd()));
    const channel = new Channel<FromSlot, ToSlot>(child.process, `slot ${this.#init.parallelIndex}`, {
      takePort: async ({ purpose }) => (await this.#acquirePorts()).take(purpose),
      outside: callOutside,
      log: ({ line }) => this.#events.log(line),
      note: ({ text }) => void this.#notes.push(text),
      incident: (incident) => this.#events.incident(incident),
      eventLoop: (reading) => this.#events.eventLoop(reading),
    });
    // Use its pid only after it answered: before that, the process may still be outside the namespace.
    const answered = channel.request('init', this.#init);
    child.expect(answered);
    answered.then(
      () => this.#events.open(namespace),
      () => {},
    );
    if (child.alive()) this.#events.started(child.pid);
    const lost = child.exited.then(async ({ code, signal, failure }) => {
      const how = this.#silent ?? `exited unexpectedly (code=${code}, signal=${signal})`;
      const error = failure ?? new ChaosError('SLOT_LOST', `slot process ${how}`);
      this.#silent = undefined;
      channel.close(error);
      if (this.#live !== live) return error;
      // Killed from outside: remove what it owned before its ports are reused.
      this.#live = undefined;
      this.#dirty = false;
      this.#events.state('down', `exited (code=${code}, signal=${signal})`);
      this.#events.lost(error.message);
      await this.#heal(child.pid);
      return error;
    });
    const live: Live = { child, namespace, channel, lost, askedMs: Infinity };
    this.#gone = lost;
    return live;
  }

  async #heal(pid: number): Promise<void> {
    const { failed } = await healJournals(this.#init.journalDirectory, {
      only: `slot-${this.#init.parallelIndex}-${pid}`,
      log: (line) => this.#events.log(line),
    });
    for (const { what, error } of failed) this.#events.log(`cannot undo ${what}: ${String(error)}`);
  }
}
