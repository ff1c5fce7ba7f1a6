import { isMap } from './raw-config.js';

// Playwright's names at the top level of chaos.config.ts, and where we keep the same thing.
const PLACES: Readonly<Record<string, readonly string[]>> = {
  timeout: ['runner', 'testTimeoutMs'],
  globalTimeout: ['runner', 'globalTimeoutMs'],
  ...Object.fromEntries(
    ['workers', 'testDir', 'testMatch', 'testIgnore', 'fullyParallel', 'repeatEach', 'forbidOnly', 'failOnFlakyTests', 'maxFailures', 'outputDir', 'preserveOutput', 'leaks', 'globalSetup', 'globalTeardown'].map((name) => [name, ['runner', name]]),
  ),
};
// Values of code: workers and reporters take them from the module itself.
const CODE = new Set(['use', 'expect', 'reporter', 'grep', 'grepInvert', 'shard', 'quiet', 'tsconfig', 'name', 'snapshotDir', 'snapshotPathTemplate', 'updateSnapshots', 'webServer']);

/** `chaos.config.ts` as the schema has it: Playwright's names are moved, lists of projects become a map, regular expressions text. */
export function fromTestConfig(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  const runner: Record<string, unknown> = { ...(isMap(value['runner']) ? value['runner'] : {}) };
  for (const [key, each] of Object.entries(value)) {
    if (key === 'runner' || CODE.has(key)) continue;
    const place = PLACES[key]?.[1];
    if (place !== undefined) runner[place] = asText(each);
    else if (key === 'retries') runner['retries'] = retries(each);
    else if (key === 'reportSlowTests') runner['reportSlowTests'] = each === null ? { max: 0 } : slow(each);
    else if (key === 'projects' && Array.isArray(each)) result['projects'] = Object.fromEntries(each.map((project: unknown) => [isMap(project) && typeof project['name'] === 'string' ? project['name'] : '', fromProject(project)]));
    else result[key] = each;
  }
  return Object.keys(runner).length > 0 ? { ...result, runner } : result;
}

function fromProject(project: unknown): unknown {
  if (!isMap(project)) return project;
  const { timeout, ...rest } = project;
  const data = Object.entries(rest).filter(([key]) => !CODE.has(key) || key === 'grep' || key === 'grepInvert');
  return Object.fromEntries([...data.map(([key, value]) => [key, asText(value)]), ...(timeout === undefined ? [] : [['testTimeoutMs', timeout]])]);
}

// `retries: { count, when }`: the function stays in the module.
function retries(value: unknown): unknown {
  if (!isMap(value)) return { count: value };
  const { when: _, ...data } = value;
  return data;
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
