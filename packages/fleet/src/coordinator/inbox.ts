import type { RemoteRun } from '@chaos/runner/run';
import type { RunEvent } from '@chaos/spec';
import type { Batch, Message, Session } from '../protocol/messages.js';
import { agentsOf, eventsOf } from '../protocol/places.js';
import type { Seal } from '../trust/seal.js';
import type { Store } from '../store/store.js';
import { AgentSession } from './agent-session.js';
import type { Dispatch } from './dispatch.js';
import type { FleetOptions } from './fleet-options.js';
import { patchEvent } from './patch-event.js';

const LOOK_FOR_AGENTS_MS = 250;
/** Batches of one agent before it is another's turn. */
const MOST_BATCHES = 20;

/** Dependencies of an inbox. */
export interface InboxOptions extends FleetOptions {
  readonly store: Store;
  readonly seal: Seal;
  readonly run: RemoteRun;
  readonly dispatch: Dispatch;
}

/** Reads what agents say: each batch of each agent once, in the order of its numbers. */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #sessions = new Map<string, AgentSession>();
  #slots = 0;
  #workers = 0;
  #lookedAt = -Infinity;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** Agents that have not left. */
  get here(): readonly AgentSession[] {
    return [...this.#sessions.values()].filter(({ state }) => state === 'here');
  }

  /** Reads what has arrived; resolves with the number of batches. */
  async read(): Promise<number> {
    await this.#lookForAgents();
    const counts = await Promise.all(this.here.map((session) => this.#readSession(session, MOST_BATCHES)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Reads all that agents told an earlier coordinator; those agents count as lost then. */
  async replay(): Promise<void> {
    await this.#lookForAgents();
    for (const session of this.#sessions.values()) {
      const messages: Message[] = [];
      for (let batch = await this.#batch(session); batch; batch = await this.#batch(session)) {
        session.seq++;
        messages.push(...batch.messages);
      }
      const ended = new Set(messages.flatMap((message) => (message.kind === 'event' ? endOf(message.event) : [])));
      for (const message of messages) {
        if (message.kind === 'chunk') session.files.take(message);
        if (message.kind === 'event' && isOfEnded(message.event, ended)) this.#accept(session, message.event);
      }
      session.state = 'lost';
    }
  }

  /** Forgets all agents: the store has lost what they said. */
  forget(): void {
    for (const session of this.#sessions.values()) session.state = 'lost';
    this.#lookedAt = -Infinity;
  }

  async #lookForAgents(): Promise<void> {
    if (performance.now() - this.#lookedAt < LOOK_FOR_AGENTS_MS) return;
    const { store, seal, run } = this.#options;
    const entries = await store.list(agentsOf(run.runId));
    // Nobody could give a sign of life while the store was away.
    const wasAway = performance.now() - this.#lookedAt > this.#options.leaseMs / 2;
    this.#lookedAt = performance.now();
    for (const { id, data } of entries) {
      const known = this.#sessions.get(id);
      const info = seal.open<Session>(`${run.runId}/agent/${id}`, data);
      if (info === undefined || info.session !== id) continue;
      if (known) known.note(info.beat);
      else this.#join(info);
    }
    for (const session of this.here) this.#judge(session, wasAway);
  }

  #judge(session: AgentSession, wasAway: boolean): void {
    if (wasAway) session.seenAt = performance.now();
    if (performance.now() - session.seenAt > 2 * this.#options.leaseMs) this.#options.dispatch.giveUp(session);
  }

  #join(info: Session): void {
    const { dispatch, log, outputDir } = this.#options;
    const session = new AgentSession(info, this.#slots, outputDir);
    this.#sessions.set(info.session, session);
    if (info.refused) {
      session.state = 'left';
      log(`agent ${info.agent} (${info.host}) cannot take part:\n  ${info.refused.join('\n  ')}`);
      return;
    }
    this.#slots += info.slots;
    dispatch.join(session);
  }

  async #readSession(session: AgentSession, most: number): Promise<number> {
    for (let count = 0; count < most; count++) {
      const batch = await this.#batch(session);
      if (batch === undefined) return count;
      session.seq++;
      for (const message of batch.messages) this.#take(session, message);
    }
    return most;
  }

  async #batch({ info, seq }: AgentSession): Promise<Batch | undefined> {
    const { store, seal, run } = this.#options;
    const id = `${info.session}-${seq}`;
    const entry = await store.get(eventsOf(run.runId), id);
    const batch = entry && seal.open<Batch>(`${run.runId}/${id}`, entry.data);
    return batch?.session === info.session && batch.seq === seq ? batch : undefined;
  }

  #take(session: AgentSession, message: Message): void {
    const { dispatch } = this.#options;
    // It was presumed dead, and its units were given to others: what it says comes too late.
    if (session.state === 'lost') return;
    switch (message.kind) {
      case 'left':
        session.state = 'left';
        return dispatch.leave(session, message.reason ?? 'it has left');
      case 'unit':
        return dispatch.tell(session, message.unit, message.state);
      case 'chunk':
        return session.files.take(message);
      case 'event':
        if (message.unit !== undefined && !dispatch.mayTell(session, message.unit)) return;
        return this.#accept(session, message.event, message.unit);
    }
  }

  #accept(session: AgentSession, event: RunEvent, unit?: string): void {
    const { run, dispatch } = this.#options;
    const testId = testIdOf(event);
    if (testId !== undefined && run.isDone(testId)) return;
    const patched = patchEvent(event, {
      host: session.info.agent,
      slotOffset: session.slotOffset,
      worker: (index) => session.worker(index, () => this.#workers++),
      lost: (id) => dispatch.lostOf(id),
      file: (path) => session.files.placeOf(path),
    });
    if (unit !== undefined) dispatch.note(unit, patched);
    run.accept(patched);
  }
}

function testIdOf(event: RunEvent): string | undefined {
  if (event.type === 'test-end') return event.attempt.testId;
  return 'testId' in event ? event.testId : undefined;
}

function endOf(event: RunEvent): readonly string[] {
  if (event.type === 'test-end') return [`${event.attempt.testId} ${event.attempt.retry}`];
  return event.type === 'test-skip' ? [`${event.testId} skip`] : [];
}

// Of an attempt that did not end, nothing is told: it runs again.
function isOfEnded(event: RunEvent, ended: ReadonlySet<string>): boolean {
  const testId = testIdOf(event);
  if (testId === undefined || event.type === 'test-end' || event.type === 'test-skip') return true;
  return 'retry' in event && ended.has(`${testId} ${event.retry}`);
}
