import type { ProjectConfig } from '@chaos/spec';
import type { TimingFile } from '@chaos/record';
import { compilePatterns } from '../../data/pattern.js';
import type { LoadedFile } from '../../ipc/messages.js';
import type { FileFilter } from '../../modules/find/discover.js';
import { isChosen, searchText } from './filter.js';
import { planJobChains } from '../job-chains.js';
import { rolesOf } from '../phases.js';
import { planTests, type PlannedTest } from '../planned-test.js';
import { planShard } from '../shard.js';
import { TestList } from './test-list.js';
import { unmatchedParts } from './unmatched.js';
import type { RunOptions } from '../../run-options.js';
import type { Found } from '../../verdict/judge-run.js';

/** All that tests are selected from. */
export interface Material {
  readonly filters: readonly FileFilter[];
  /** The projects that the command line names. */
  readonly named: readonly ProjectConfig[];
  /** The files of each project; those that support others have all of theirs. */
  readonly found: ReadonlyMap<ProjectConfig, readonly string[]>;
  readonly files: ReadonlyMap<string, LoadedFile>;
  readonly timingFile: TimingFile;
}

/** Selected tests. */
export interface SelectedTests {
  /** In the order of the projects, with the tests of projects that support others. */
  readonly tests: readonly PlannedTest[];
  /** Those that were asked for, of all shards. */
  readonly asked: readonly PlannedTest[];
  readonly projects: ReadonlySet<ProjectConfig>;
  readonly selection: Found;
  /** What decides how shards are cut. */
  readonly basis?: string;
}

/**
 * Selects tests as Playwright Test does: the selection applies to each project by itself; a project with tests left
 * needs its dependencies and their teardowns, which run whole, once, and in every shard that has tests that need them.
 */
export function selectTests(options: RunOptions, material: Material): SelectedTests {
  const { runner } = options.config;
  const all = runner.projects;
  const { named, timingFile } = material;
  const testList = options.testList && new TestList(options.testList.lines, options.cwd);
  const listed = { ...material, testList };
  const asked = askedFor(options, listed, options.changed);
  const { mine, basis } = shardOf(options, asked, timingFile);
  const left = new Set(mine.map(({ project }) => project));
  const roles = rolesOf(
    named.filter(({ name }) => left.has(name)),
    all,
    options.dependencies,
  );
  const tests = all.flatMap((project) => {
    const role = roles.get(project);
    if (role === 'support') return testsOf(project, project.repeatEachAsDependency, options, material);
    return role === 'asked' ? mine.filter((test) => test.project === project.name) : [];
  });
  return {
    tests,
    asked,
    projects: new Set(roles.keys()),
    selection: {
      count: mine.length,
      isEmptyShard: asked.length > 0,
      unmatched: unmatchedOf(options, material, testList),
      isUnchanged:
        options.changed !== undefined && asked.length === 0 && askedFor(options, listed, undefined).length > 0,
    },
    ...(basis !== undefined && { basis }),
  };
}

// A list may have been made for more projects than those that run, and nobody is misled if no change is the reason.
function unmatchedOf(options: RunOptions, material: Material, testList: TestList | undefined): readonly string[] {
  const { filters, named, files } = material;
  const lines = options.testList?.invert === false && options.projects.length === 0 ? testList : undefined;
  if (options.changed !== undefined || (filters.length === 0 && lines === undefined)) return [];
  const tests = named.flatMap((project) => testsOf(project, 1, options, material));
  return unmatchedParts(tests, filters, lines, files);
}

interface Choice {
  readonly testList: TestList | undefined;
  /** Files that changed; `undefined`: that does not matter. */
  readonly changed: ReadonlySet<string> | undefined;
}

// The selected tests of all projects that do not merely support others.
function askedFor(
  options: RunOptions,
  { named, ...material }: Material & Pick<Choice, 'testList'>,
  changed: Choice['changed'],
): readonly PlannedTest[] {
  const chosen = new Map(named.map((project) => [project, chooseTests(project, options, { ...material, changed })]));
  const all = [...chosen.values()].flat();
  const focused = new Set(options.focus === false ? [] : all.filter(({ only }) => only));
  const left = (project: ProjectConfig): readonly PlannedTest[] =>
    (chosen.get(project) ?? []).filter((test) => focused.size === 0 || focused.has(test));
  const speaking = named.filter((project) => left(project).length > 0);
  const roles = rolesOf(speaking, options.config.runner.projects, options.dependencies);
  return speaking.flatMap((project) => (roles.get(project) === 'asked' ? left(project) : []));
}

function chooseTests(
  project: ProjectConfig,
  options: RunOptions,
  material: Omit<Material, 'named'> & Choice,
): readonly PlannedTest[] {
  const { changed, filters, files, testList } = material;
  const isAffected = (name: string): boolean =>
    !changed || [name, ...(files.get(name)?.dependencies ?? [])].some((each) => changed.has(each));
  return testsOf(project, project.repeatEach, options, material).filter(
    (test) =>
      isAffected(test.file) &&
      isChosen(test, { ...options, filters }) &&
      (!testList || testList.has(test) !== options.testList?.invert),
  );
}

// All tests of a project that its own patterns allow.
function testsOf(
  project: ProjectConfig,
  repeatEach: number,
  { config }: Pick<RunOptions, 'config'>,
  { found, files }: Pick<Material, 'found' | 'files'>,
): readonly PlannedTest[] {
  const own = compilePatterns(project.grep);
  const ownInvert = compilePatterns(project.grepInvert);
  const tests: PlannedTest[] = [];
  for (let repeat = 0; repeat < repeatEach; repeat++) {
    for (const name of found.get(project) ?? []) {
      for (const planned of planTests(name, files.get(name)?.tests ?? [], project, repeat, config)) {
        const text = own || ownInvert ? searchText(planned) : '';
        if ((!own || own(text)) && !ownInvert?.(text)) tests.push(planned);
      }
    }
  }
  return tests;
}

function shardOf(
  { config }: RunOptions,
  tests: readonly PlannedTest[],
  { timings }: TimingFile,
): { readonly mine: readonly PlannedTest[]; readonly basis?: string } {
  const { shard } = config.runner;
  if (!shard) return { mine: tests };
  const { chains, basis } = planShard(
    planJobChains(tests, () => ({})),
    shard,
    timings,
  );
  const mine = new Set(chains.flatMap(({ jobs }) => jobs.flatMap((job) => job.tests)));
  return { mine: tests.filter((test) => mine.has(test)), basis };
}
