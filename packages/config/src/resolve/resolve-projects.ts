import { resolve } from 'node:path';
import type { Json, ProjectConfig, RetryPolicy } from '@chaos/spec';
import type { Layer } from '../sources/layer.js';
import { isOverride, lookUp, namesAt } from './lookup.js';
import { workersOf } from './workers-of.js';

/** Settings that a project inherits from the runner. */
export type ProjectDefaults = Omit<
  ProjectConfig,
  'name' | 'givenName' | 'dependencies' | 'teardown' | 'metadata' | 'retries' | 'repeatEachAsDependency' | 'workers'
>;

/** The projects in order, and problems in their dependencies. */
export function resolveProjects(
  layers: readonly Layer[],
  rootDir: string,
  defaults: ProjectDefaults,
  usableCpus: number,
): { readonly projects: readonly ProjectConfig[]; readonly problems: readonly string[] } {
  const names = namesAt(layers, ['projects']);
  const configured = layers.filter(({ name: layer }) => !isOverride({ layer }));
  const projects = (names.length === 0 ? [''] : names).map((name): ProjectConfig => {
    const own = <T>(...path: readonly string[]): T | undefined => lookUp<T>(layers, ['projects', name, ...path])?.value;
    const typed = <T>(...path: readonly string[]): T | undefined => {
      const found = lookUp<T>(layers, ['runner', ...path]);
      return found && isOverride(found.provenance) ? found.value : undefined;
    };
    // Options typed on the command line count for every project.
    const find = <T>(...path: readonly string[]): T | undefined => typed<T>(...path) ?? own<T>(...path);
    const workers = own<number | string>('workers');
    const { retryPolicy: general } = defaults;
    const retryPolicy: RetryPolicy = {
      count: find('retries', 'count') ?? general.count,
      delayMs: find('retries', 'delay_ms') ?? general.delayMs,
      backoff: find('retries', 'backoff') ?? general.backoff,
      jitter: find('retries', 'jitter') ?? general.jitter,
      timeoutFactor: find('retries', 'timeout_factor') ?? general.timeoutFactor,
      placement: find('retries', 'placement') ?? general.placement,
      isolation: find('retries', 'isolation') ?? general.isolation,
    };
    const testDir = find<string>('test_dir');
    const outputDir = typed('output_dir') === undefined ? own<string>('output_dir') : undefined;
    return {
      name,
      givenName: own('name') ?? name,
      testDir: testDir === undefined ? defaults.testDir : resolve(rootDir, testDir),
      testMatch: listOf(find('test_match')) ?? defaults.testMatch,
      testIgnore: listOf(find('test_ignore')) ?? defaults.testIgnore,
      dependencies: find('dependencies') ?? [],
      teardown: find('teardown'),
      retries: retryPolicy.count,
      retryPolicy,
      testTimeoutMs: find('test_timeout_ms') ?? defaults.testTimeoutMs,
      repeatEach: find('repeat_each') ?? defaults.repeatEach,
      repeatEachAsDependency: own('repeat_each') ?? lookUp<number>(configured, ['runner', 'repeat_each'])?.value ?? 1,
      fullyParallel: find('fully_parallel') ?? defaults.fullyParallel,
      grep: listOf(find<string | string[]>('grep')) ?? defaults.grep,
      grepInvert: listOf(find<string | string[]>('grep_invert')) ?? defaults.grepInvert,
      outputDir: outputDir === undefined ? defaults.outputDir : resolve(rootDir, outputDir),
      // --workers limits the whole run; it does not change the limits of projects.
      workers: workers === undefined ? undefined : workersOf(workers, usableCpus),
      expect: {
        timeoutMs: find('expect', 'timeout_ms') ?? defaults.expect.timeoutMs,
        toPass: {
          timeoutMs: find('expect', 'to_pass', 'timeout_ms') ?? defaults.expect.toPass.timeoutMs,
          intervalsMs: find('expect', 'to_pass', 'intervals_ms') ?? defaults.expect.toPass.intervalsMs,
        },
      },
      metadata: find<Record<string, Json>>('metadata') ?? {},
    };
  });
  return { projects, problems: problemsOf(projects) };
}

/** A single value as a list of one. */
export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function problemsOf(projects: readonly ProjectConfig[]): readonly string[] {
  const byName = new Map(projects.map((project) => [project.name, project]));
  const teardowns = new Set(projects.flatMap(({ teardown }) => (teardown === undefined ? [] : [teardown])));
  const problems: string[] = [];
  for (const { name, dependencies, teardown } of projects) {
    for (const needed of [...dependencies, ...(teardown === undefined ? [] : [teardown])]) {
      if (!byName.has(needed))
        problems.push(
          `Project "${name}" needs the project "${needed}", which does not exist; there are ${[...byName.keys()].join(', ')}`,
        );
      const meant = byName.get(needed)?.givenName ?? needed;
      const same = projects.filter(({ givenName }) => givenName === meant);
      if (same.length > 1)
        problems.push(
          `Project "${name}" needs the project "${meant}", of which there are ${same.length}: give each a name of its own`,
        );
    }
    for (const needed of dependencies)
      if (teardowns.has(needed)) problems.push(`Project ${name} must not depend on a teardown project ${needed}`);
    if (teardowns.has(name) && dependencies.length > 0)
      problems.push(`Teardown project ${name} must not have dependencies`);
    if (reaches(name, name, byName))
      problems.push(`Circular dependency detected between projects. "${name}" depends on itself`);
  }
  return problems;
}

function reaches(
  from: string,
  goal: string,
  byName: ReadonlyMap<string, ProjectConfig>,
  seen: Set<string> = new Set(),
): boolean {
  for (const needed of byName.get(from)?.dependencies ?? []) {
    if (needed === goal) return true;
    if (seen.has(needed)) continue;
    seen.add(needed);
    if (reaches(needed, goal, byName, seen)) return true;
  }
  return false;
}
