import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Remote, RemoteChain, RemoteRun } from '@chaos/runner/run';
import { sealWith } from '../trust/seal.js';
import { openStore } from '../store/open-store.js';
import type { Store } from '../store/store.js';
import type { AgentSession } from './agent-session.js';
import { Announcement } from './announcement.js';
import { Dispatch } from './dispatch.js';
import type { FleetOptions } from './fleet-options.js';
import { Inbox } from './inbox.js';

/** An agent has so long to heal, report and stop after a cancel, ms. */
const CANCEL_MS = 5_000;
/** And so long to take its slots down at the end, ms. */
const CLOSE_MS = 30_000;
const IDLE_MS = 25;

/** Runs tests on the agents of a fleet. */
export class FleetRemote implements Remote {
  readonly runId: string;
  readonly #options: FleetOptions;
  #store: Store | undefined;
  #announcement: Announcement | undefined;
  #dispatch: Dispatch | undefined;
  #inbox: Inbox | undefined;
  #run: RemoteRun | undefined;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(options: FleetOptions) {
    this.#options = options;
    this.runId = options.resume ?? randomBytes(5).toString('hex');
  }

  async open(run: RemoteRun): Promise<void> {
    this.#run = run;
    const { url, key } = this.#options;
    const store = (this.#store = await openStore({ url, onError: () => {} }));
    const seal = sealWith(key);
    const announcement = (this.#announcement = new Announcement({ ...this.#options, store, seal, run }));
    const dispatch = (this.#dispatch = new Dispatch({ ...this.#options, store, seal, run, announcement }));
    const inbox = (this.#inbox = new Inbox({ ...this.#options, store, seal, run, dispatch }));
    if (this.#options.resume !== undefined) {
      await announcement.takeUp();
      await inbox.replay();
    }
    await announcement.publish();
    this.#options.log(`run ${run.runId} waits for agents`);
  }

  async run(chains: readonly RemoteChain[]): Promise<void> {
    const { signal } = this.#run as RemoteRun;
    const dispatch = this.#dispatch as Dispatch;
    await dispatch.add(chains);
    this.#busy = this.#work(signal);
    await this.#busy;
  }

  async close(): Promise<void> {
    const [store, announcement, inbox, run] = [this.#store, this.#announcement, this.#inbox, this.#run];
    if (!store || !announcement || !inbox || !run) return;
    try {
      const state = run.signal.aborted ? 'cancelled' : 'closing';
      await announcement.setState(state);
      await this.#farewell(inbox, announcement, run.signal.aborted ? CANCEL_MS : CLOSE_MS);
      await announcement.clear();
    } catch (error) {
      run.error({ message: `Cannot end the run in the fleet: ${(error as Error).message}` });
    } finally {
      await store[Symbol.asyncDispose]();
    }
  }

  async #work(signal: AbortSignal): Promise<void> {
    const [announcement, dispatch, inbox] = [this.#announcement, this.#dispatch, this.#inbox] as [
      Announcement,
      Dispatch,
      Inbox,
    ];
    while (!signal.aborted && !dispatch.isDone) {
      if (!(await announcement.beat())) await this.#startAnew();
      const took = await inbox.read();
      await dispatch.lookForLost();
      await dispatch.topUp();
      if (took === 0) await sleep(IDLE_MS);
    }
    if (!signal.aborted) return;
    await announcement.setState('cancelled');
    await this.#farewell(inbox, announcement, CANCEL_MS);
  }

  // The store came back without the run: it does not persist. All that is known is here.
  async #startAnew(): Promise<void> {
    this.#options.log('the store has lost the run; it is announced again');
    const dispatch = this.#dispatch as Dispatch;
    dispatch.loseAll('the store has lost its data');
    this.#inbox?.forget();
    await this.#announcement?.publish();
  }

  // Reads what agents say until all of them have left.
  async #farewell(inbox: Inbox, announcement: Announcement, mostMs: number): Promise<void> {
    const start = performance.now();
    const awaited = new Set<AgentSession>();
    for (;;) {
      for (const session of inbox.here) awaited.add(session);
      const took = await inbox.read();
      if (inbox.here.length === 0 || performance.now() - start > mostMs) break;
      await announcement.beat();
      await this.#dispatch?.lookForLost();
      if (took === 0) await sleep(IDLE_MS);
    }
    // The ends of its workers, and of the run on its machine, would have been told before the goodbye.
    for (const { state, hasRun, info } of awaited)
      if (state === 'lost' && hasRun)
        this.#run?.error({
          message: `The agent "${info.agent}" was lost before its goodbye: the end of its fixtures and hooks is unknown`,
          code: 'AGENT_LOST',
        });
    const late = inbox.here.map(({ info }) => info.agent);
    if (late.length > 0)
      this.#run?.error({
        message: `Cannot wait for ${late.length === 1 ? 'the agent' : 'the agents'} ${late.join(', ')} any longer: no goodbye within ${mostMs / 1000} s`,
      });
  }
}
