import type { RetryOptions } from '@chaos/runner';

/** Options of `expect` in the configuration; milliseconds. */
export interface ExpectOptions {
  /** For `expect.poll`. */
  readonly timeout?: number;
  readonly toPass?: { readonly timeout?: number; readonly intervals?: readonly number[] };
}

/** Settings that projects and the whole configuration share; with Playwright's names. */
export interface CommonConfig {
  readonly testDir?: string;
  readonly testMatch?: string | RegExp | readonly (string | RegExp)[];
  readonly testIgnore?: string | RegExp | readonly (string | RegExp)[];
  readonly grep?: RegExp | readonly RegExp[];
  readonly grepInvert?: RegExp | readonly RegExp[];
  readonly fullyParallel?: boolean;
  readonly repeatEach?: number;
  /** Timeout of one test, ms. */
  readonly timeout?: number;
  readonly outputDir?: string;
  /** Tests that run at the same time: a number, or a share of the CPUs (`50%`). */
  readonly workers?: number | string;
  readonly expect?: ExpectOptions;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Values of option fixtures. */
  readonly use?: Readonly<Record<string, unknown>>;
}

/** One project; settings that it omits come from the configuration. */
export interface ProjectOptions extends CommonConfig {
  readonly name?: string;
  readonly dependencies?: readonly string[];
  readonly teardown?: string;
  readonly retries?: number | RetryOptions;
}

/**
 * `chaos.config.ts`: Playwright's names, and every setting of `chaos.yaml` in camelCase (`environments`, `services`,
 * `target`, `runner`…).
 */
export interface ChaosConfig extends CommonConfig {
  readonly retries?: number | RetryOptions;
  /** Milliseconds. */
  readonly globalTimeout?: number;
  readonly globalSetup?: string | readonly string[];
  readonly globalTeardown?: string | readonly string[];
  readonly forbidOnly?: boolean;
  readonly failOnFlakyTests?: boolean;
  readonly maxFailures?: number;
  readonly preserveOutput?: 'always' | 'never' | 'failures-only';
  readonly reportSlowTests?: { readonly max?: number; readonly threshold?: number } | null;
  readonly reporter?: string | readonly (readonly [name: string] | readonly [name: string, options: object])[];
  readonly quiet?: boolean;
  readonly tsconfig?: string;
  /** `@name`, one or several: tags that every test gets before its own. */
  readonly tag?: string | readonly string[];
  /** Git data for `metadata`: `gitCommit` and `gitDiff`. Default: both in CI. */
  readonly captureGitInfo?: { readonly commit?: boolean; readonly diff?: boolean };
  readonly projects?: readonly ProjectOptions[];
  readonly [setting: string]: unknown;
}

/**
 * Types a configuration. Of several, later ones win; their `use`, `expect`, `metadata` and projects of the same name
 * are merged.
 */
export function defineConfig(config: ChaosConfig, ...more: readonly ChaosConfig[]): ChaosConfig {
  return more.reduce(
    (all, next) => ({
      ...merge(all, next),
      ...(next.projects && { projects: mergeProjects(all.projects ?? [], next.projects) }),
    }),
    config,
  );
}

function merge<T extends CommonConfig>(all: T, next: T): T {
  return {
    ...all,
    ...next,
    ...(next.expect && { expect: { ...all.expect, ...next.expect } }),
    ...(next.use && { use: { ...all.use, ...next.use } }),
    ...(next.metadata && { metadata: { ...all.metadata, ...next.metadata } }),
  };
}

function mergeProjects(all: readonly ProjectOptions[], next: readonly ProjectOptions[]): readonly ProjectOptions[] {
  const byName = new Map(all.map((project) => [project.name, project]));
  for (const project of next) byName.set(project.name, merge(byName.get(project.name) ?? {}, project));
  return [...byName.values()];
}
