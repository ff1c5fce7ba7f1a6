import { CAPABILITY_NAMES } from '@chaos/env';
import { UsageError, type ProjectConfig, type SerializedError } from '@chaos/spec';
import type { LoadedFile } from '../../ipc/messages.js';
import { discover, parseFilter, type FileFilter } from '../../modules/find/discover.js';
import { quarantine } from '../../plan/quarantine.js';
import { wallMs } from '../../real-time.js';
import { namedProjects, rolesOf } from '../../plan/phases.js';
import type { Found } from '../../verdict/judge-run.js';
import { checkRequires } from '../../plan/check-requires.js';
import type { PlannedTest } from '../../plan/planned-test.js';
import type { RunOptions } from '../../run-options.js';
import { TimingFile } from '@chaos/record';
import { selectTests } from '../../plan/select/select-tests.js';
import type { WorkerPool } from '../../processes/workers/worker-pool.js';

/** The tests of a run, and errors in finding them. */
export interface Plan {
  readonly tests: readonly PlannedTest[];
  readonly selection: Found;
  readonly projects: ReadonlySet<ProjectConfig>;
  /** Dependencies by file. */
  readonly slotFixtures: ReadonlyMap<string, LoadedFile['slotFixtures']>;
  readonly errors: readonly SerializedError[];
  /** Problems that fail the run but do not stop it. */
  readonly problems: readonly SerializedError[];
  readonly timingFile: TimingFile;
  /** Place of the worker that loaded each file. */
  readonly importedBy: ReadonlyMap<string, number>;
  /** Text that decides how shards are cut; must be equal for all shards. */
  readonly shardBasis?: string;
}

/**
 * Finds the test files of the selected projects, lets the workers load each once, in parallel (no other process runs
 * user code), and selects tests.
 */
export async function loadPlan(options: RunOptions, workers: WorkerPool): Promise<Plan> {
  const { config, cwd } = options;
  const all = config.runner.projects;
  const { named, unknown } = namedProjects(all, options.projects);
  if (unknown.length > 0)
    throw new UsageError(
      `Cannot run the project "${unknown.join('", "')}": there ${all.length === 1 ? 'is' : 'are'} ${all.map(({ name }) => `"${name}"`).join(', ')}`,
    );
  // Start the worker while the files are searched.
  workers.get(0);
  const filters = options.filters.map((filter) => parseFilter(filter, cwd));
  const found = await findFiles(named, filters, options);
  const importedBy = new Map<string, number>();
  const files = await loadFiles(
    [...new Set([...found.values()].flat())].sort(),
    config.runner.workers,
    options.changed !== undefined,
    workers,
    importedBy,
  );
  checkRequires(
    [...files.values()].flatMap((file) => file.tests),
    [...CAPABILITY_NAMES, ...(options.capabilities ?? []).map(({ name }) => name)],
    cwd,
  );
  const timingFile = new TimingFile(config.runner.outputDir, options.lastRunFile);
  const { tests, asked, basis, projects, selection } = selectTests(options, {
    filters,
    named,
    found,
    files,
    timingFile,
  });
  // A repeated run shows a test's true state, so quarantine does not apply.
  const { tests: planned, problems } =
    options.until || !options.quarantine
      ? { tests, problems: [] }
      : quarantine(tests, config, wallMs(), isWhole(options, files));
  const slotFixtures = new Map([...files].map(([name, loaded]) => [name, loaded.slotFixtures]));
  return {
    tests: planned,
    selection,
    problems,
    timingFile,
    importedBy,
    ...(basis !== undefined && { shardBasis: basis }),
    projects,
    slotFixtures,
    errors: [...[...files.values()].flatMap(({ errors }) => errors), ...forbidden(options, asked)],
  };
}

// Of a project that supports others all files, whatever filters apply to it.
async function findFiles(
  named: readonly ProjectConfig[],
  filters: readonly FileFilter[],
  { config, dependencies }: RunOptions,
): Promise<ReadonlyMap<ProjectConfig, readonly string[]>> {
  const all = config.runner.projects;
  const find = async (
    projects: readonly ProjectConfig[],
    by: readonly FileFilter[],
  ): Promise<[ProjectConfig, readonly string[]][]> =>
    Promise.all(projects.map(async (project) => [project, await discover(project, by, all.length === 1)]));
  const found = new Map(await find(named, filters));
  const speaking = named.filter((project) => found.get(project)!.length > 0);
  const support = [...rolesOf(speaking, all, dependencies)].flatMap(([project, role]) =>
    role === 'support' ? [project] : [],
  );
  return new Map([...found, ...(await find(support, []))]);
}

async function loadFiles(
  names: readonly string[],
  most: number,
  withDependencies: boolean,
  workers: WorkerPool,
  importedBy: Map<string, number>,
): Promise<ReadonlyMap<string, LoadedFile>> {
  const loaded = new Map<string, LoadedFile>();
  const next = names.values();
  await Promise.all(
    Array.from({ length: Math.min(most, names.length) }, async (_, index) => {
      for (const file of next) {
        importedBy.set(file, index);
        loaded.set(file, await workers.get(index).load(file, withDependencies));
      }
    }),
  );
  return new Map(names.map((name) => [name, loaded.get(name) as LoadedFile]));
}

// True if no test was left out that an entry of the quarantine may name.
function isWhole(
  { filters, grep, grepInvert, ids, changed, testList, projects, config }: RunOptions,
  files: ReadonlyMap<string, LoadedFile>,
): boolean {
  const chosen =
    filters.length > 0 ||
    projects.length > 0 ||
    [grep, grepInvert, ids, changed, testList, config.runner.shard].some((choice) => choice !== undefined);
  return (
    !chosen && ![...files.values()].some(({ tests, errors }) => errors.length > 0 || tests.some(({ only }) => only))
  );
}

function forbidden({ config }: RunOptions, tests: readonly PlannedTest[]): readonly SerializedError[] {
  if (!config.runner.forbidOnly) return [];
  return tests
    .filter(({ only }) => only)
    .map(({ titlePath, location }) => ({
      message: `Cannot run: "${titlePath.join(' › ')}" is focused by .only, and runner.forbid_only is on`,
      location,
    }));
}
