import type { ProjectConfig } from '@chaos/spec';

/** What is read of a run's configuration to name its projects. */
interface Projects {
  readonly runner: { readonly projects: readonly Pick<ProjectConfig, 'name' | 'givenName'>[] };
}

/** The name under which reports show a project: the given one, if no other project has it. */
export function projectLabel(config: Projects | undefined, name: string): string {
  const { projects = [] } = config?.runner ?? {};
  const given = projects.find((project) => project.name === name)?.givenName ?? name;
  return projects.filter(({ givenName }) => givenName === given).length === 1 ? given : name;
}
