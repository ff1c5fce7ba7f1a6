import type { EnvironmentChanges } from '../ipc/messages.js';

type Snapshot = Readonly<Record<string, string | undefined>>;

/** The environment of this process, by project: what the tests of one change is only for those that depend on it. */
export class ProjectEnvironment {
  /** Without the changes of any project. */
  #base = snapshot();
  /** When the project at hand began. */
  #start = this.#base;
  #project: string | undefined;
  readonly #left = new Map<string, EnvironmentChanges>();

  /** Runs code that belongs to no project: a file that is loaded once, for all of them. */
  async adopt<T>(load: () => Promise<T>): Promise<T> {
    const before = snapshot();
    try {
      return await load();
    } finally {
      const made = changed(before, snapshot());
      this.#base = merged(this.#base, made);
      this.#start = merged(this.#start, made);
    }
  }

  /** Switches to a project; `given`: what the projects that it depends on have left. */
  enter(project: string, given: EnvironmentChanges): void {
    if (project === this.#project) return;
    this.#note();
    this.#project = project;
    this.#start = merged(this.#base, given);
    for (const [name, value] of Object.entries(changed(snapshot(), this.#start))) {
      if (value === null) delete process.env[name];
      else process.env[name] = value;
    }
  }

  /** The changes of each project so far. */
  changes(): Readonly<Record<string, EnvironmentChanges>> {
    this.#note();
    return Object.fromEntries(this.#left);
  }

  #note(): void {
    if (this.#project === undefined) return;
    const made = changed(this.#start, snapshot());
    this.#left.set(this.#project, { ...this.#left.get(this.#project), ...made });
  }
}

function snapshot(): Snapshot {
  return { ...process.env };
}

function changed(before: Snapshot, after: Snapshot): EnvironmentChanges {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries(
    [...names].filter((name) => before[name] !== after[name]).map((name) => [name, after[name] ?? null]),
  );
}

function merged(before: Snapshot, changes: EnvironmentChanges): Snapshot {
  const after = { ...before };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete after[name];
    else after[name] = value;
  }
  return after;
}
