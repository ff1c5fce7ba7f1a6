import { projectKeys, type RunnerConfig } from '@chaos/spec';
import { whenIn, type RetryOptions, type RetryWhen } from '../retry/retry-options.js';
import { loadModule } from './load-module.js';

interface TestConfig {
  readonly retries?: number | RetryOptions;
  readonly use?: Readonly<Record<string, unknown>>;
  /** A list as in Playwright, or a map by name. */
  readonly projects?: readonly ProjectUse[] | Readonly<Record<string, ProjectUse>>;
}

interface ProjectUse {
  readonly name?: string;
  readonly retries?: number | RetryOptions;
  readonly use?: Readonly<Record<string, unknown>>;
}

/** Settings of a project that are code, so that they cannot be sent to another process. */
export interface ProjectCode {
  readonly use: Readonly<Record<string, unknown>>;
  readonly when: RetryWhen | undefined;
}

/** Loads `chaos.config.ts` and reads what is code in it, by the name of each project. Empty without such a file. */
export async function readConfigModule({
  configModule,
  projects,
}: Pick<RunnerConfig, 'configModule' | 'projects'>): Promise<ReadonlyMap<string, ProjectCode>> {
  if (configModule === undefined) return new Map();
  const config = (await loadModule(configModule))['default'] as TestConfig;
  return new Map(
    projects.map(({ name }) => {
      const own = ownOf(config.projects, name);
      return [name, { use: { ...config.use, ...own?.use }, when: whenIn(own?.retries) ?? whenIn(config.retries) }];
    }),
  );
}

function ownOf(projects: TestConfig['projects'] = [], name: string): ProjectUse | undefined {
  if (!Array.isArray(projects)) return (projects as Readonly<Record<string, ProjectUse>>)[name];
  const all = projects as readonly ProjectUse[];
  return all[projectKeys(all.map((project) => project.name ?? '')).indexOf(name)];
}
