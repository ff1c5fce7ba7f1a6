import { projectKeys } from '@chaos/spec';
import { isMap } from '../raw-config.js';

// Playwright's top-level names in chaos.config.ts, and our places for the same settings.
const PLACES: Readonly<Record<string, readonly string[]>> = {
  timeout: ['runner', 'testTimeoutMs'],
  globalTimeout: ['runner', 'globalTimeoutMs'],
  ...Object.fromEntries(
    [
      'workers',
      'testDir',
      'testMatch',
      'testIgnore',
      'fullyParallel',
      'repeatEach',
      'forbidOnly',
      'failOnFlakyTests',
      'maxFailures',
      'shard',
      'outputDir',
      'preserveOutput',
      'leaks',
      'globalSetup',
      'globalTeardown',
      'quiet',
      'tsconfig',
      'grep',
      'grepInvert',
      'tag',
      'captureGitInfo',
    ].map((name) => [name, ['runner', name]]),
  ),
};
// Values that are code: workers take them from the module itself.
const CODE = new Set(['use']);

/**
 * Converts `chaos.config.ts` to the schema: moves Playwright's names, turns lists of projects into a map and regular
 * expressions into text.
 */
export function fromTestConfig(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  const runner: Record<string, unknown> = { ...(isMap(value['runner']) ? value['runner'] : {}) };
  for (const [key, each] of Object.entries(value)) {
    // A name at the top level is only a title.
    if (key === 'runner' || key === 'name' || CODE.has(key)) continue;
    const place = PLACES[key]?.[1];
    if (place !== undefined) runner[place] = asText(each);
    else if (key === 'retries') runner['retries'] = retries(each);
    else if (key === 'reporter') runner['reporters'] = each;
    else if (key === 'expect') runner['expect'] = expectOptions(each);
    else if (key === 'reportSlowTests') runner['reportSlowTests'] = each === null ? { max: 0 } : slow(each);
    else if (key === 'projects' && Array.isArray(each)) result['projects'] = byKey(each);
    else result[key] = each;
  }
  return Object.keys(runner).length > 0 ? { ...result, runner } : result;
}

// Projects with the same name are still separate projects.
function byKey(projects: readonly unknown[]): Readonly<Record<string, unknown>> {
  const names = projects.map((each) => (isMap(each) && typeof each['name'] === 'string' ? each['name'] : ''));
  const keys = projectKeys(names);
  // The first of several with a name is meant, as in `projectKeys`.
  const keyOf = (name: unknown): unknown => keys[names.findIndex((each) => each === name)] ?? name;
  return Object.fromEntries(
    projects.map((each, index) => {
      const [key, name, data] = [keys[index] ?? '', names[index], fromProject(each, keyOf)];
      return [key, key !== name && isMap(data) ? { ...data, name } : data];
    }),
  );
}

function fromProject(project: unknown, keyOf: (name: unknown) => unknown): unknown {
  if (!isMap(project)) return project;
  const { timeout, retries: tries, dependencies, teardown, ...rest } = project;
  const data = Object.entries(rest).filter(([key]) => key !== 'name' && !CODE.has(key));
  const translated = (key: string, value: unknown): unknown =>
    key === 'expect' ? expectOptions(value) : asText(value);
  return Object.fromEntries([
    ...data.map(([key, value]) => [key, translated(key, value)]),
    ...(dependencies === undefined
      ? []
      : [['dependencies', Array.isArray(dependencies) ? dependencies.map(keyOf) : dependencies]]),
    ...(teardown === undefined ? [] : [['teardown', keyOf(teardown)]]),
    ...(timeout === undefined ? [] : [['testTimeoutMs', timeout]]),
    ...(tries === undefined ? [] : [['retries', retries(tries)]]),
  ]);
}

// `retries: { count, when }`: the function stays in the module.
function retries(value: unknown): unknown {
  if (!isMap(value)) return { count: value };
  const { when: _, ...data } = value;
  return data;
}

function expectOptions(value: unknown): unknown {
  if (!isMap(value)) return value;
  const { timeout, toPass, ...rest } = value;
  const { timeout: passTimeout, intervals, ...passRest } = isMap(toPass) ? toPass : {};
  return {
    ...rest,
    ...(timeout !== undefined && { timeoutMs: timeout }),
    ...(toPass !== undefined && {
      toPass: {
        ...passRest,
        ...(passTimeout !== undefined && { timeoutMs: passTimeout }),
        ...(intervals !== undefined && { intervalsMs: intervals }),
      },
    }),
  };
}

function slow(value: unknown): unknown {
  if (!isMap(value)) return value;
  const { threshold, ...rest } = value;
  return { ...rest, ...(threshold !== undefined && { thresholdMs: threshold }) };
}

function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  return value instanceof RegExp ? String(value) : value;
}
