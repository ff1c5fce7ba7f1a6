import type { RunnerConfig } from '@chaos/spec';

/** The folder below which the attempts of a project have theirs. */
export function outputDirOf({ projects, outputDir }: RunnerConfig, project: string | undefined): string {
  return projects.find(({ name }) => name === project)?.outputDir ?? outputDir;
}
