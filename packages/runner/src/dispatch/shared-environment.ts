import { setTimeout as sleep } from 'node:timers/promises';
import type { ProjectConfig } from '@chaos/spec';
import type { EnvironmentChanges } from '../ipc/messages.js';
import { blockersOf } from '../plan/phases.js';
import type { WorkerProcess } from '../processes/workers/worker-process.js';

const ANSWER_MS = 1000;

/** What the tests of each project have left in the environment of their workers, for the projects that depend on it. */
export class SharedEnvironment {
  readonly #projects: readonly ProjectConfig[];
  readonly #left = new Map<string, EnvironmentChanges>();

  constructor(projects: ReadonlySet<ProjectConfig>) {
    this.#projects = [...projects];
  }

  /** Asks the workers, when the tests of a phase have ended. */
  async collect(workers: readonly WorkerProcess[]): Promise<void> {
    const ask = (worker: WorkerProcess): Promise<Readonly<Record<string, EnvironmentChanges>>> =>
      Promise.race([worker.ask('environment', null).catch(() => ({})), sleep(ANSWER_MS, {}, { ref: false })]);
    for (const answer of await Promise.all(workers.map(ask)))
      for (const [project, changes] of Object.entries(answer))
        this.#left.set(project, { ...this.#left.get(project), ...changes });
  }

  /** What the projects that this one depends on, directly or through others, have left. */
  for(name: string): EnvironmentChanges {
    const project = this.#projects.find((each) => each.name === name);
    if (project === undefined || this.#left.size === 0) return {};
    const needed = blockersOf(project, this.#projects).toReversed();
    return Object.assign({}, ...needed.map((each) => this.#left.get(each.name))) as EnvironmentChanges;
  }
}
