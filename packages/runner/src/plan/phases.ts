import type { ProjectConfig } from '@chaos/spec';

/** Projects that may run at the same time, and the projects whose failure prevents them. */
export interface Phase {
  readonly projects: readonly ProjectConfig[];
}

/** The projects to run: the requested ones with all dependencies, and the teardowns of all of them. */
export function selectProjects(
  all: readonly ProjectConfig[],
  names: readonly string[],
  withDependencies: boolean,
): {
  readonly selected: ReadonlySet<ProjectConfig>;
  readonly asked: ReadonlySet<ProjectConfig>;
  readonly unknown: readonly string[];
} {
  const patterns = names.map(
    (name) => new RegExp(`^${name.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i'),
  );
  const teardowns = new Set(all.map(({ teardown }) => teardown));
  const asked = new Set(
    names.length === 0
      ? all.filter((project) => !isNeeded(project, all) && !teardowns.has(project.name))
      : all.filter((project) => patterns.some((pattern) => isNamed(project, pattern))),
  );
  const selected = neededBy([...asked], all, withDependencies);
  const isUnknown = (pattern: RegExp): boolean => !all.some((project) => isNamed(project, pattern));
  return { selected, asked, unknown: names.filter((_, index) => isUnknown(patterns[index] as RegExp)) };
}

function isNamed({ name, givenName }: ProjectConfig, pattern: RegExp): boolean {
  return pattern.test(name) || pattern.test(givenName);
}

/** These projects with all dependencies, and the teardowns of all of them. */
export function neededBy(
  projects: readonly ProjectConfig[],
  all: readonly ProjectConfig[],
  withDependencies: boolean,
): ReadonlySet<ProjectConfig> {
  const needed = new Set<ProjectConfig>();
  const visit = (project: ProjectConfig): void => {
    if (needed.has(project)) return;
    needed.add(project);
    if (!withDependencies) return;
    for (const name of [...project.dependencies, ...(project.teardown === undefined ? [] : [project.teardown])])
      for (const each of all) if (each.name === name) visit(each);
  };
  for (const project of projects) visit(project);
  return needed;
}

/**
 * Phases of projects: each project after its dependencies, a teardown after the project it cleans up and everything
 * that depends on that.
 */
export function planPhases(selected: ReadonlySet<ProjectConfig>): readonly Phase[] {
  const rest = new Set(selected);
  const phases: Phase[] = [];
  while (rest.size > 0) {
    const waiting = [...rest];
    const ready = waiting.filter(
      (project) => !waiting.some((other) => other !== project && mustPrecede(other, project, [...selected])),
    );
    if (ready.length === 0)
      throw new TypeError(
        `Cannot order the projects ${waiting.map(({ name }) => `"${name}"`).join(', ')}: they depend on each other`,
      );
    for (const project of ready) rest.delete(project);
    phases.push({ projects: ready });
  }
  return phases;
}

/** True for a project that exists only for others, as their dependency or teardown. */
export function isSupport(name: string, all: ReadonlySet<ProjectConfig>): boolean {
  return [...all].some(({ dependencies, teardown }) => dependencies.includes(name) || teardown === name);
}

/** The given projects whose failure prevents `project` from running. */
export function blockersOf(project: ProjectConfig, all: readonly ProjectConfig[]): readonly ProjectConfig[] {
  const direct = all.filter(({ name }) => project.dependencies.includes(name));
  return [...direct, ...direct.flatMap((each) => blockersOf(each, all))];
}

function mustPrecede(first: ProjectConfig, second: ProjectConfig, all: readonly ProjectConfig[]): boolean {
  if (second.dependencies.includes(first.name)) return true;
  // `second` tears down `cleaned`, so that project and its dependents come first.
  const cleaned = all.filter(({ teardown }) => teardown === second.name);
  return cleaned.some((project) => project === first || blockersOf(first, all).includes(project));
}

function isNeeded(project: ProjectConfig, all: readonly ProjectConfig[]): boolean {
  return all.some(({ dependencies }) => dependencies.includes(project.name));
}
