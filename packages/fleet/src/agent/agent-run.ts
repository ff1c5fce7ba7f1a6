import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { detectCapabilities } from '@chaos/env';
import type { PlanData, Runner } from '@chaos/runner/run';
import type { ResolvedConfig, RunEvent } from '@chaos/spec';
import { differences, fingerprintOf } from '../checkout/fingerprint.js';
import { placed } from '../checkout/relocate.js';
import type { Manifest, PlanPart, Session } from '../protocol/messages.js';
import { agentsOf, planOf } from '../protocol/places.js';
import type { Seal } from '../trust/seal.js';
import type { Store } from '../store/store.js';
import type { AgentCheckout, AgentOptions } from './agent-options.js';
import { Outbox } from './outbox.js';
import { UnitSource } from './unit-source.js';
import { watchRun } from './watch-run.js';

/** An agent's part in one run. */
export interface AgentRunOptions extends AgentOptions {
  readonly store: Store;
  readonly seal: Seal;
  readonly session: string;
  readonly manifest: Manifest;
}

/** Takes part in one run: joins, takes units into warm slots, sends what happens, and leaves. */
export class AgentRun {
  readonly #options: AgentRunOptions;
  readonly #outbox: Outbox;
  #manifest: Manifest;
  #runner: Runner | undefined;
  #whyLeft: string | undefined;
  #isBroken = false;

  constructor(options: AgentRunOptions) {
    this.#options = options;
    this.#manifest = options.manifest;
    const { store, seal, session } = options;
    this.#outbox = new Outbox({
      store,
      seal,
      session,
      runId: options.manifest.runId,
      onLost: (error) => this.#leave(`the store is lost: ${(error as Error).message}`),
    });
  }

  /** Resolves when everything of the run is down; false if this agent may not, or cannot, take part. */
  async run(): Promise<boolean> {
    const { log, cwd, checkout, version, seal } = this.#options;
    const { runId, settings, fingerprint } = this.#manifest;
    const here = await checkout(settings);
    const { rootDir } = here.config;
    const files = Object.keys(fingerprint.files).map((file) => join(rootDir, file));
    const refused = differences(
      fingerprint,
      await fingerprintOf({ version, rootDir, files, layers: here.layers }, seal),
    );
    const capabilities = await this.#capabilities(here);
    await this.#announce(capabilities, refused);
    if (refused.length > 0) {
      log(`refuses run ${runId}, which is of another checkout than ${cwd}:\n  ${refused.join('\n  ')}`);
      return false;
    }
    const plan = await this.#plan(rootDir);
    log(`takes part in run ${runId}`);
    await this.#work(here, plan, capabilities);
    log(`has left run ${runId}${this.#whyLeft === undefined ? '' : `: ${this.#whyLeft}`}`);
    return !this.#isBroken;
  }

  async #work(here: AgentCheckout, plan: PlanData, capabilities: readonly string[]): Promise<void> {
    const { store, seal, signal, createRunner, calibrate, version } = this.#options;
    const { settings } = this.#manifest;
    const folder = await mkdtemp(join(tmpdir(), 'chaos-agent-'));
    const source = new UnitSource({
      store,
      seal,
      plan,
      outbox: this.#outbox,
      manifest: () => this.#manifest,
      classes: () => this.#classes(capabilities),
      onLeaseLost: (unit) => this.#leave(`its lease of ${unit} is lost`),
    });
    this.#runner = createRunner({
      config: this.#configOf(here.config, folder),
      feed: source,
      reporters: [{ onEvent: (event) => this.#onEvent(event, source) }],
      calibrate,
      capabilities: here.capabilities,
      argv: settings.argv,
      faults: settings.faults,
      quarantine: false,
      passWithNoTests: true,
      version,
      ...(settings.variant !== undefined && { variant: settings.variant }),
    });
    const onAbort = (): void => this.#leave('it was told to end');
    signal.addEventListener('abort', onAbort, { once: true });
    const over = new AbortController();
    this.#beat(capabilities, over.signal).catch(() => {});
    const watching = watchRun({
      store,
      seal,
      runId: this.#manifest.runId,
      onManifest: (manifest) => this.#follow(manifest),
      onLost: (why) => this.#leave(why),
      leaseMs: this.#manifest.leaseMs,
    });
    try {
      if (signal.aborted) onAbort();
      await this.#runner.run();
      // Nothing told it to end: its global set-up failed, or its environment. That would be so again.
      this.#isBroken = this.#whyLeft === undefined && this.#manifest.state === 'open';
      if (this.#isBroken) this.#whyLeft = 'its set-up failed, or its machine lacks something';
    } finally {
      source.end();
      await this.#sayGoodbye(source);
      watching.abort();
      over.abort();
      signal.removeEventListener('abort', onAbort);
      await rm(folder, { recursive: true, force: true });
    }
  }

  #onEvent(event: RunEvent, source: UnitSource): void {
    // The coordinator has its own; reasons of this runner's verdict would say that no tests were found.
    if (event.type === 'run-start' || event.type === 'run-end') return;
    const testId = testIdOf(event);
    const unit = testId === undefined ? undefined : source.unitOf(testId);
    if (testId !== undefined && unit === undefined) return;
    // What this agent has not run to its end, another one runs.
    if (this.#whyLeft !== undefined && this.#manifest.state !== 'cancelled' && isUnfinished(event)) return;
    this.#outbox.post({ kind: 'event', ...(unit !== undefined && { unit }), event });
  }

  // A lost agent has nothing to say any more: its coordinator has given its units away.
  async #sayGoodbye(source: UnitSource): Promise<void> {
    const why = this.#whyLeft;
    this.#outbox.post({ kind: 'left', ...(why !== undefined && { reason: why }) });
    await Promise.race([this.#outbox.flush(), new Promise((resolve) => setTimeout(resolve, 10_000).unref())]);
    await source.release();
  }

  #follow(manifest: Manifest): void {
    const { generation } = this.#manifest;
    this.#manifest = manifest;
    if (manifest.state === 'cancelled') this.#leave('the run is cancelled');
    if (manifest.generation !== generation) this.#leave('another coordinator has taken the run up');
  }

  #leave(reason: string): void {
    this.#whyLeft ??= reason;
    void this.#runner?.stop(`agent ${this.#options.name}: ${reason}`);
  }

  #classes(capabilities: readonly string[]): readonly string[] {
    const { labels } = this.#options;
    return this.#manifest.classes
      .filter(
        (each) =>
          each.requires.every((name) => capabilities.includes(name)) &&
          Object.entries(each.labels).every(([name, value]) => labels[name] === value),
      )
      .toSorted((a, b) => b.requires.length - a.requires.length)
      .map(({ name }) => name);
  }

  // What is this machine's own stays: only the flags of the run are the same everywhere.
  #configOf(config: ResolvedConfig, folder: string): ResolvedConfig {
    const { settings } = this.#manifest;
    return {
      ...config,
      // The verdict on the run is its coordinator's.
      monitor: { ...config.monitor, policy: config.monitor.policy === 'ignore' ? 'ignore' : 'annotate' },
      runner: {
        ...config.runner,
        workers: this.#options.slots,
        seed: settings.seed,
        maxFailures: 0,
        maxInconclusive: 1,
        failOnFlakyTests: false,
        globalTimeoutMs: 0,
        preserveOutput: 'always',
        outputDir: folder,
        projects: config.runner.projects.map((project) => ({ ...project, outputDir: folder })),
      },
    };
  }

  async #capabilities({ capabilities }: AgentCheckout): Promise<readonly string[]> {
    if (this.#manifest.requires.length === 0) return [];
    const { signal } = this.#options;
    const shipped = Object.entries(await detectCapabilities({ signal }));
    const own = await Promise.all(capabilities.map(async (each) => [each.name, await each.detect(signal)] as const));
    return [...shipped, ...own].flatMap(([name, { available }]) => (available ? [name] : []));
  }

  // Tells the coordinator that this agent lives, until it has left: one without a unit has no lease that could expire.
  async #beat(capabilities: readonly string[], over: AbortSignal): Promise<void> {
    const { store, session } = this.#options;
    const { runId, leaseMs } = this.#manifest;
    for (let beat = 1; ; beat++) {
      await sleep(leaseMs / 4, undefined, { signal: over });
      await store.update(agentsOf(runId), session, this.#sealed(capabilities, [], beat));
    }
  }

  async #announce(capabilities: readonly string[], refused: readonly string[]): Promise<void> {
    const { store, session } = this.#options;
    await store.add(agentsOf(this.#manifest.runId), session, this.#sealed(capabilities, refused, 0));
  }

  #sealed(capabilities: readonly string[], refused: readonly string[], beat: number): string {
    const { seal, session, name, slots, labels } = this.#options;
    const { runId } = this.#manifest;
    const value: Session = {
      session,
      agent: name,
      host: hostname(),
      pid: process.pid,
      slots,
      labels,
      capabilities,
      beat,
      ...(refused.length > 0 && { refused }),
    };
    return seal.close(`${runId}/agent/${session}`, value);
  }

  async #plan(rootDir: string): Promise<PlanData> {
    const { store, seal } = this.#options;
    const { runId, planParts } = this.#manifest;
    const parts = await Promise.all(
      Array.from({ length: planParts }, async (_, index) => {
        const entry = await store.get(planOf(runId), String(index));
        const part = entry && seal.open<PlanPart>(`${runId}/plan/${index}`, entry.data);
        if (part === undefined) throw new Error(`Cannot join run ${runId}: part ${index} of its plan is not signed`);
        return placed(part, rootDir);
      }),
    );
    return {
      tests: parts.flatMap(({ tests }) => tests),
      slotFixtures: Object.fromEntries(parts.flatMap(({ files }) => files)),
    };
  }
}

function isUnfinished(event: RunEvent): boolean {
  return event.type === 'test-skip' || (event.type === 'test-end' && event.attempt.status === 'interrupted');
}

function testIdOf(event: RunEvent): string | undefined {
  if (event.type === 'test-end') return event.attempt.testId;
  return 'testId' in event ? event.testId : undefined;
}
