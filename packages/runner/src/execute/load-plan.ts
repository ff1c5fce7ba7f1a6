import { CAPABILITY_NAMES } from '@chaos/env';
import { UsageError, type ProjectConfig, type SerializedError } from '@chaos/spec';
import type { LoadedFile } from '../ipc/messages.js';
import { discover, parseFilter, type FileFilter } from '../modules/discover.js';
import { isChosen, isListed, searchText, type TestFilter } from '../plan/filter.js';
import { parsePattern } from '../data/pattern.js';
import { quarantine } from '../plan/quarantine.js';
import { wallMs } from '../real-time.js';
import { neededBy, selectProjects } from '../plan/phases.js';
import type { Selection } from '../verdict/judge-run.js';
import { checkRequires } from '../plan/check-requires.js';
import { planJobChains } from '../plan/job-chains.js';
import { planShard } from '../plan/shard.js';
import { planTests, type PlannedTest } from '../plan/planned-test.js';
import type { RunOptions } from '../run-options.js';
import { TimingFile } from '@chaos/record';
import type { WorkerPool } from '../processes/worker-pool.js';

/** The tests of a run, and errors in finding them. */
export interface Plan {
  readonly tests: readonly PlannedTest[];
  readonly selection: Pick<Selection, 'count' | 'isEmptyShard' | 'isUnchanged'>;
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
  const { selected, asked, unknown } = selectProjects(all, options.projects, options.dependencies);
  if (unknown.length > 0)
    throw new UsageError(
      `Cannot run the project "${unknown.join('", "')}": there ${all.length === 1 ? 'is' : 'are'} ${all.map(({ name }) => `"${name}"`).join(', ')}`,
    );
  // Start the worker while the files are searched.
  workers.get(0);
  const filters = options.filters.map((filter) => parseFilter(filter, cwd));
  const found = new Map<ProjectConfig, readonly string[]>();
  // Dependencies run completely, whatever filters apply to the project itself.
  await Promise.all(
    [...selected].map(async (project) =>
      found.set(project, await discover(project, asked.has(project) ? filters : [], all.length === 1)),
    ),
  );
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
  const { mine, basis, projects, selection, chosen } = select(options, { filters, asked, found, files, timingFile });
  // A repeated run shows a test's true state, so quarantine does not apply.
  const { tests: planned, problems } =
    options.until || !options.quarantine
      ? { tests: mine, problems: [] }
      : quarantine(mine, config, wallMs(), isWhole(options, files));
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
    errors: [...[...files.values()].flatMap(({ errors }) => errors), ...forbidden(options, chosen)],
  };
}

interface Material {
  readonly filters: readonly FileFilter[];
  readonly asked: ReadonlySet<ProjectConfig>;
  readonly found: ReadonlyMap<ProjectConfig, readonly string[]>;
  readonly files: ReadonlyMap<string, LoadedFile>;
  readonly timingFile: TimingFile;
}

// Selects tests from all found ones, and adds those that they depend on.
function select(
  options: RunOptions,
  { filters, asked, found, files, timingFile }: Material,
): Pick<Plan, 'projects' | 'selection'> & ReturnType<typeof shardOf> & { readonly chosen: readonly PlannedTest[] } {
  const all = options.config.runner.projects;
  const askedNames = new Set([...asked].map(({ name }) => name));
  const choose = (changed: RunOptions['changed']): readonly PlannedTest[] =>
    onlyOf(
      all.flatMap((project) =>
        chooseTests(project, found.get(project) ?? [], files, {
          ...options,
          changed,
          filters,
          asked: asked.has(project),
        }),
      ),
      askedNames,
    );
  const isAsked = ({ project }: PlannedTest): boolean => askedNames.has(project);
  const tests = choose(options.changed);
  const { mine: cut, basis } = shardOf(options, tests, timingFile, askedNames);
  // A project without selected tests does not need its dependencies.
  const left = new Set(cut.filter(isAsked).map(({ project }) => project));
  const projects = neededBy(
    [...asked].filter(({ name }) => left.has(name)),
    all,
    options.dependencies,
  );
  const names = new Set([...projects].map(({ name }) => name));
  const mine = cut.filter(({ project }) => names.has(project));
  return {
    mine,
    chosen: tests,
    ...(basis !== undefined && { basis }),
    projects,
    selection: {
      count: mine.filter(isAsked).length,
      isEmptyShard: tests.some(isAsked),
      isUnchanged: options.changed !== undefined && !tests.some(isAsked) && choose(undefined).some(isAsked),
    },
  };
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

interface Choice extends Pick<RunOptions, 'config' | 'cwd' | 'grep' | 'grepInvert' | 'ids' | 'testList'> {
  readonly changed: RunOptions['changed'];
  readonly filters: readonly FileFilter[];
  readonly asked: boolean;
}

function chooseTests(
  project: ProjectConfig,
  names: readonly string[],
  files: ReadonlyMap<string, LoadedFile>,
  { config, cwd, filters, grep, grepInvert, ids, changed, testList, asked }: Choice,
): readonly PlannedTest[] {
  const filter: TestFilter = {
    filters: asked ? filters : [],
    grep: asked ? grep : undefined,
    grepInvert: asked ? grepInvert : undefined,
    ids: asked ? ids : undefined,
  };
  const [own, ownInvert] = [project.grep, project.grepInvert].map((text) =>
    text === undefined ? undefined : parsePattern(text),
  );
  const tests: PlannedTest[] = [];
  for (let repeat = 0; repeat < project.repeatEach; repeat++) {
    for (const name of names) {
      const file = files.get(name);
      if (asked && changed && ![name, ...(file?.dependencies ?? [])].some((each) => changed.has(each))) continue;
      for (const planned of planTests(name, file?.tests ?? [], project, repeat, config)) {
        const text = own || ownInvert ? searchText(planned) : '';
        if (
          (!own || own.test(text)) &&
          !ownInvert?.test(text) &&
          isChosen(planned, filter) &&
          (!asked || !testList || isListed(planned, testList.lines, cwd) !== testList.invert)
        )
          tests.push(planned);
      }
    }
  }
  return tests;
}

// Dependencies of a shard's tests run in every shard.
function shardOf(
  { config }: RunOptions,
  tests: readonly PlannedTest[],
  { timings }: TimingFile,
  asked: ReadonlySet<string>,
): { readonly mine: readonly PlannedTest[]; readonly basis?: string } {
  const { shard } = config.runner;
  if (!shard) return { mine: tests };
  const { chains, basis } = planShard(
    planJobChains(
      tests.filter(({ project }) => asked.has(project)),
      () => ({}),
    ),
    shard,
    timings,
  );
  const chosen = new Set(chains.flatMap(({ jobs }) => jobs.flatMap((job) => job.tests)));
  return { mine: tests.filter((test) => chosen.has(test) || !asked.has(test.project)), basis };
}

// With `only` anywhere, all other tests are dropped, except dependencies of the rest.
function onlyOf(tests: readonly PlannedTest[], asked: ReadonlySet<string>): readonly PlannedTest[] {
  const isOnly = tests.some(({ only, project }) => only && asked.has(project));
  return isOnly ? tests.filter(({ only, project }) => only || !asked.has(project)) : tests;
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
