import type { ProjectConfig } from '@chaos/spec';

/** Projects that may run at the same time, and the projects whose failure prevents them. */
export interface Phase {
  readonly projects: readonly ProjectConfig[];
}

/** What a project is in a run: asked for, or there because one that is asked for needs it. */
export type ProjectRole = 'asked' | 'support';

/** The projects that a command line names, all without names, and the names that fit none. */
export function namedProjects(
  all: readonly ProjectConfig[],
  names: readonly string[],
): { readonly named: readonly ProjectConfig[]; readonly unknown: readonly string[] } {
  const patterns = names.map(
    (name) => new RegExp(`^${name.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i'),
  );
  const isUnknown = (pattern: RegExp): boolean => !all.some((project) => isNamed(project, pattern));
  return {
    named: names.length === 0 ? all : all.filter((project) => patterns.some((pattern) => isNamed(project, pattern))),
    unknown: names.filter((_, index) => isUnknown(patterns[index] as RegExp)),
  };
}

function isNamed({ name, givenName }: ProjectConfig, pattern: RegExp): boolean {
  return pattern.test(name) || pattern.test(givenName);
}

/**
 * These projects, those that they depend on, and the teardowns of all of them. One that another needs is support,
 * though it was asked for, too: no selection of tests applies to it.
 */
export function rolesOf(
  projects: readonly ProjectConfig[],
  all: readonly ProjectConfig[],
  withDependencies: boolean,
): ReadonlyMap<ProjectConfig, ProjectRole> {
  const roles = new Map<ProjectConfig, ProjectRole>(projects.map((project) => [project, 'asked']));
  const visited = new Set<ProjectConfig>();
  const visit = ({ dependencies, teardown }: ProjectConfig): void => {
    for (const name of [...dependencies, ...(teardown === undefined ? [] : [teardown])])
      for (const each of all) {
        if (each.name !== name || visited.has(each)) continue;
        visited.add(each);
        roles.set(each, 'support');
        visit(each);
      }
  };
  if (withDependencies) projects.forEach(visit);
  return roles;
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
  return isTeardown(name, all) || [...all].some(({ dependencies }) => dependencies.includes(name));
}

/** True for a project that cleans up after another. */
export function isTeardown(name: string, all: ReadonlySet<ProjectConfig>): boolean {
  return [...all].some(({ teardown }) => teardown === name);
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
