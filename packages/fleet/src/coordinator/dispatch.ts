import type { RemoteChain, RemoteRun } from '@chaos/runner/run';
import type { RunEvent } from '@chaos/spec';
import type { Unit, UnitClass } from '../protocol/messages.js';
import { unitsOf } from '../protocol/places.js';
import type { Seal } from '../trust/seal.js';
import type { Store } from '../store/store.js';
import type { AgentSession } from './agent-session.js';
import type { Announcement } from './announcement.js';
import { FleetLocks } from './fleet-locks.js';
import type { FleetOptions } from './fleet-options.js';
import { lostAttempt, MOST_LOST, poisonedAttempt } from './lost-attempt.js';
import { OpenUnit } from './open-unit.js';
import { needsOf, UnitPlanner, type PendingChain } from './unit-planner.js';

/** Units that wait for each slot. More would be cut too early: their size depends on what is left. */
const UNITS_A_SLOT = 2;

/** Dependencies of a dispatch. */
export interface DispatchOptions extends FleetOptions {
  readonly store: Store;
  readonly seal: Seal;
  readonly run: RemoteRun;
  readonly announcement: Announcement;
}

interface Lane {
  readonly name: string;
  readonly needs: Omit<UnitClass, 'name'>;
  readonly planner: UnitPlanner;
  /** Since when no agent can run its units. */
  lonelySince: number | undefined;
}

/** Hands units out, knows who runs them, and hands out again what was lost. */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #units = new Map<string, OpenUnit>();
  readonly #locks = new FleetLocks();
  readonly #agents: AgentSession[] = [];
  /** Names of the agents that each test has lost. */
  readonly #lost = new Map<string, string[]>();
  /** Those that gave no sign of life any more, while it ran or should have run. */
  readonly #blamed = new Map<string, string[]>();
  /** Who of the agents is gone, and why. */
  #lastGone = '';
  #count = 0;
  #lookedAt = performance.now();

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  /** True when nothing is left to run. */
  get isDone(): boolean {
    return this.#units.size === 0 && [...this.#lanes.values()].every(({ planner }) => planner.isEmpty);
  }

  /** Attempts of a test that were lost with their agents. */
  lostOf(testId: string): number {
    return this.#lost.get(testId)?.length ?? 0;
  }

  async add(chains: readonly PendingChain[]): Promise<void> {
    const { announcement } = this.#options;
    for (const [key, some] of groupBy(chains, (chain: RemoteChain) => JSON.stringify(needsOf(chain)))) {
      const needs = JSON.parse(key) as Lane['needs'];
      const name = await announcement.classOf(needs);
      const lane = this.#lanes.get(name) ?? { name, needs, planner: new UnitPlanner(), lonelySince: undefined };
      this.#lanes.set(name, lane);
      lane.planner.add(some);
    }
  }

  join(session: AgentSession): void {
    this.#agents.push(session);
  }

  /** True if this agent has this unit. */
  mayTell(session: AgentSession, unit: string): boolean {
    return this.#units.get(unit)?.session === session.info.session;
  }

  /** Takes the news of a unit. */
  tell(session: AgentSession, id: string, state: 'started' | 'done' | 'expired'): void {
    const unit = this.#units.get(id);
    if (unit === undefined) return;
    if (state === 'started') {
      unit.session ??= session.info.session;
      session.hasRun = true;
    }
    if (state === 'expired') this.#expire(unit);
    if (state === 'done' && unit.session === session.info.session) this.#close(unit);
  }

  note(unit: string, event: RunEvent): void {
    this.#units.get(unit)?.note(event);
  }

  /** An agent has left: what it had is handed out again, and nobody is to blame. */
  leave(session: AgentSession, reason: string): void {
    this.#lastGone = `${session.info.agent}: ${reason}`;
    for (const unit of this.#unitsOf(session)) this.#lose(unit, session, reason, false);
  }

  /** Everything that is under way is lost. */
  loseAll(reason: string): void {
    for (const unit of [...this.#units.values()]) this.#lose(unit, this.#sessionOf(unit), reason, false);
  }

  /** Looks for agents whose leases have expired, when it is time. */
  async lookForLost(): Promise<void> {
    const { store, leaseMs, run } = this.#options;
    if (performance.now() - this.#lookedAt < leaseMs / 4) return;
    this.#lookedAt = performance.now();
    for (const { name } of this.#lanes.values()) {
      for (const id of await store.expired(unitsOf(run.runId, name), leaseMs)) {
        await store.remove(unitsOf(run.runId, name), id);
        const unit = this.#units.get(id);
        if (unit) this.#expire(unit);
      }
    }
  }

  /** Keeps enough units in each queue that no agent has to wait for this process. */
  async topUp(): Promise<void> {
    for (const lane of this.#lanes.values()) {
      if (lane.planner.isEmpty) continue;
      const slots = this.#slotsFor(lane);
      if (slots === 0) this.#waitForAgent(lane);
      else lane.lonelySince = undefined;
      const queued = [...this.#units.values()].filter(
        ({ session, className }) => session === undefined && className === lane.name,
      ).length;
      for (let count = queued; count < UNITS_A_SLOT * slots; count++) {
        const chains = lane.planner.next(slots, (chain) => this.#locks.areFree(chain));
        if (chains.length === 0) break;
        await this.#send(lane, chains);
      }
    }
  }

  async #send(lane: Lane, chains: readonly PendingChain[]): Promise<void> {
    const { store, seal, run, announcement } = this.#options;
    const { generation } = announcement;
    const unit = new OpenUnit(`${generation}-${this.#count++}`, lane.name, chains);
    this.#units.set(unit.id, unit);
    for (const chain of chains) this.#locks.take(unit.id, chain);
    const alone = chains.some(({ suspect }) => suspect === true);
    const value: Unit = { id: unit.id, generation, ids: unit.ids, alone };
    await store.add(unitsOf(run.runId, lane.name), unit.id, seal.close(`${run.runId}/unit/${unit.id}`, value));
  }

  #slotsFor({ needs }: Lane): number {
    return this.#agents
      .filter(({ state, info }) => state === 'here' && needs.requires.every((name) => info.capabilities.includes(name)))
      .reduce((sum, { info }) => sum + info.slots, 0);
  }

  #waitForAgent(lane: Lane): void {
    const { patienceMs, agents = Infinity, run, log } = this.#options;
    const { requires } = lane.needs;
    const anybody = this.#agents.some(({ state }) => state === 'here');
    const isAllGone = !anybody && this.#agents.length >= agents;
    lane.lonelySince ??= performance.now();
    if (!isAllGone && performance.now() - lane.lonelySince < patienceMs) return;
    const why =
      requires.length > 0 && anybody
        ? `no agent can run it: it requires ${requires.join(', ')}`
        : isAllGone
          ? `all agents have left (${this.#lastGone})`
          : `no agent came within ${patienceMs / 1000} s`;
    log(why);
    const isCapability = requires.length > 0 && anybody;
    for (const { ids } of lane.planner.clear())
      for (const id of ids) if (!run.isDone(id)) run.skip(id, why, !isCapability);
  }

  #close(unit: OpenUnit): void {
    this.#units.delete(unit.id);
    this.#locks.free(unit.id);
    const { run } = this.#options;
    for (const id of unit.ids) if (!run.isDone(id)) run.skip(id, 'its agent did not run it', true);
  }

  // A lease that expired is the end of the agent, as far as this run goes.
  #expire(unit: OpenUnit): void {
    const session = this.#sessionOf(unit);
    if (session === undefined) return this.#lose(unit, undefined, 'it was taken, and nothing was heard of it', false);
    this.giveUp(session);
  }

  /** Takes an agent for dead: what it has runs again elsewhere, what it says is refused. */
  giveUp(session: AgentSession): void {
    session.state = 'lost';
    this.#lastGone = `${session.info.agent}: it gave no sign of life`;
    this.#options.log(`agent ${session.info.agent} is lost: it gave no sign of life`);
    for (const unit of this.#unitsOf(session)) this.#lose(unit, session, 'it gave no sign of life', true);
  }

  #lose(unit: OpenUnit, session: AgentSession | undefined, why: string, isBlamed: boolean): void {
    const { run } = this.#options;
    this.#units.delete(unit.id);
    this.#locks.free(unit.id);
    const agent = session?.info.agent ?? 'unknown';
    const known = unit.running;
    const starts = known.length > 0 || !isBlamed ? known : this.#likelyRunning(unit, session?.info.slots ?? 1);
    for (const start of starts) {
      const attempt = lostAttempt(start, { agent, why, nowMs: Date.now() });
      const blamed = isBlamed ? this.#blame(start.testId, agent) : [];
      const isPoisoned = blamed.length >= MOST_LOST;
      if (known.length > 0) this.#lost.set(start.testId, [...(this.#lost.get(start.testId) ?? []), agent]);
      const origin = { host: agent };
      if (isPoisoned)
        run.accept({ type: 'test-end', attempt: poisonedAttempt(attempt, blamed), outcome: 'unexpected', origin });
      else if (known.length > 0) run.accept({ type: 'test-end', attempt, origin });
    }
    const running = new Set(starts.map(({ testId }) => testId));
    if (run.signal.aborted) return;
    const again = unit.chains.flatMap((chain) => this.#restOf(chain, running, isBlamed));
    this.#lanes.get(unit.className)?.planner.add(again);
  }

  // An agent that ends at once does not tell what it has begun; it takes the chains of a unit in order.
  #likelyRunning(unit: OpenUnit, slots: number): OpenUnit['running'] {
    const { run } = this.#options;
    return unit.chains
      .flatMap(({ ids }) => ids.filter((id) => !run.isDone(id)).slice(0, 1))
      .slice(0, slots)
      .map((testId) => ({
        type: 'test-start',
        testId,
        retry: this.lostOf(testId),
        workerIndex: -1,
        parallelIndex: -1,
        timeMs: Date.now(),
      }));
  }

  #blame(testId: string, agent: string): readonly string[] {
    const agents = [...(this.#blamed.get(testId) ?? []), agent];
    this.#blamed.set(testId, agents);
    return agents;
  }

  // A serial group runs again as a whole; of others, what has no verdict yet.
  #restOf(chain: PendingChain, running: ReadonlySet<string>, isBlamed: boolean): readonly PendingChain[] {
    const { run } = this.#options;
    const left = chain.ids.filter((id) => !run.isDone(id));
    if (left.length === 0) return [];
    const cost = (ids: readonly string[]): number => (chain.durationMs * ids.length) / chain.ids.length;
    if (chain.serial) return [{ ...chain, suspect: isBlamed && left.some((id) => running.has(id)) }];
    const suspects = isBlamed ? left.filter((id) => running.has(id)) : [];
    const others = left.filter((id) => !suspects.includes(id));
    return [
      ...suspects.map((id) => ({ ...chain, ids: [id], durationMs: cost([id]), suspect: true })),
      ...(others.length > 0 ? [{ ...chain, ids: others, durationMs: cost(others) }] : []),
    ];
  }

  #unitsOf({ info }: AgentSession): readonly OpenUnit[] {
    return [...this.#units.values()].filter(({ session }) => session === info.session);
  }

  #sessionOf({ session }: OpenUnit): AgentSession | undefined {
    return this.#agents.find(({ info }) => info.session === session);
  }
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
