import { sep } from 'node:path';
import type { RunnerConfig } from '@chaos/spec';

/** Parent folder for the attempts of a project. */
export function outputDirOf({ projects, outputDir }: RunnerConfig, project: string | undefined): string {
  return projects.find(({ name }) => name === project)?.outputDir ?? outputDir;
}

/** Folder for the files of an attempt, below the (absolute) output folder. */
export function attemptFolder(outputDir: string, testId: string, retry: number): string {
  // Plain concatenation: every attempt needs this path, few put files there, and nothing needs normalizing.
  return `${outputDir}${sep}tests${sep}${testId}${retry > 0 ? `-retry${retry}` : ''}`;
}
