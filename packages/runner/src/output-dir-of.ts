import type { RunnerConfig } from '@chaos/spec';

/** Parent folder for the attempts of a project. */
export function outputDirOf({ projects, outputDir }: RunnerConfig, project: string | undefined): string {
  return projects.find(({ name }) => name === project)?.outputDir ?? outputDir;
}
