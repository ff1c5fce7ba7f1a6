import type { CapabilityName } from '@chaos/env';
import type { Annotation } from '@chaos/spec';
import { resolveRetries, type RetryOptions, type RetryRule } from '../retry/retry-options.js';

/** A lock; a shared one only excludes exclusive ones. */
export interface Lock {
  /** Any word; `host` is the whole machine. */
  readonly name: string;
  /** Default: exclusive. */
  readonly mode?: 'exclusive' | 'shared';
}

/** Resource that a test shares with no other test. */
export type Isolation = 'process';

/** The second argument of `test(title, details, body)` and `test.describe(title, details, body)`. */
export interface TestDetails {
  /** `@name`, one or several. */
  readonly tag?: string | readonly string[];
  /** Notes for the report: `{ type, description }`. */
  readonly annotation?: Annotation | readonly Annotation[];
  /** Locks held while the test runs, exclusive by default. `host`: the test runs alone on this machine. */
  readonly lock?: string | Lock | readonly (string | Lock)[];
  /**
   * Shares of `runner.capacities` that it takes (`{ cpu: 1 }`): tests that run at the same time never exceed a
   * capacity.
   */
  readonly weight?: Readonly<Record<string, number>>;
  /** Short, stable id: `C04`. */
  readonly id?: string;
  /** Purpose of the test, in one sentence. */
  readonly purpose?: string;
  /** Defects of the target that this test finds. */
  readonly catches?: readonly string[];
  /** Capabilities without which the test is skipped: of the machine, and those that services of your own look for. */
  readonly requires?: readonly Capability[];
  /**
   * Operations of the target's driver that it calls: `['read', 'transfer']`. It is skipped where the driver lacks one
   * of them, and fails where it calls another one.
   */
  readonly needs?: readonly string[];
  /** Services that the target has to depend on: `['redis']`. It is skipped where the target has no such service. */
  readonly services?: readonly string[];
  /** Number of retries after a failure, or detailed retry options. */
  readonly retries?: number | RetryOptions;
  /**
   * Runs in its own worker process, used by no other test before or after. For a suite: its tests share one such
   * process.
   */
  readonly isolate?: Isolation;
}

/**
 * A capability by name. Any other text is that of a service of your own; one that nobody has defined is an error at
 * load.
 */
export type Capability = CapabilityName | (string & NonNullable<unknown>);

/** {@link TestDetails} with all fields. */
export interface ResolvedDetails {
  readonly tags: readonly string[];
  readonly annotations: readonly Annotation[];
  readonly locks: readonly Required<Lock>[];
  readonly weight: Readonly<Record<string, number>> | undefined;
  readonly id: string | undefined;
  readonly purpose: string | undefined;
  readonly catches: readonly string[];
  readonly requires: readonly string[];
  readonly needs: readonly string[] | undefined;
  readonly services: readonly string[];
  readonly retries: RetryRule | undefined;
  readonly isolate: Isolation | undefined;
}

const KNOWN = new Set([
  'tag',
  'annotation',
  'lock',
  'weight',
  'id',
  'purpose',
  'catches',
  'requires',
  'needs',
  'services',
  'retries',
  'isolate',
]);

/** Checks details and fills in missing ones. Throws `TypeError` for unknown keys and for tags without `@`. */
export function resolveDetails(details: TestDetails | undefined, title: string): ResolvedDetails {
  for (const key of Object.keys(details ?? {})) {
    if (!KNOWN.has(key))
      throw new TypeError(`Cannot use the detail "${key}" of test "${title}": known are ${[...KNOWN].join(', ')}`);
  }
  const tags = list(details?.tag);
  for (const tag of tags)
    if (!tag.startsWith('@')) throw new TypeError(`Tag must start with '@': "${tag}" of test "${title}"`);
  const inTitle = title.includes('@') ? [...title.matchAll(/(?<=^|\s)@[\w-]+/g)].map((match) => match[0]) : [];
  return {
    tags: [...inTitle, ...tags],
    annotations: list(details?.annotation),
    locks: details?.lock === undefined ? [] : list(details.lock).map((lock) => resolveLock(lock, title)),
    weight: details?.weight === undefined ? undefined : checkWeight(details.weight, title),
    id: details?.id,
    purpose: details?.purpose,
    catches: details?.catches ?? [],
    requires: details?.requires ?? [],
    needs: checkNames(details?.needs, 'needs', title),
    services: checkNames(details?.services, 'services', title) ?? [],
    retries: resolveRetries(details?.retries, `"${title}"`),
    isolate: checkIsolation(details?.isolate, `"${title}"`),
  };
}

/** Throws `RangeError` unless the value is valid or absent. */
export function checkIsolation(isolate: Isolation | undefined, of: string): Isolation | undefined {
  if (isolate !== undefined && isolate !== 'process')
    throw new RangeError(`Cannot isolate ${of}: current value is ${JSON.stringify(isolate)}, allowed is process`);
  return isolate;
}

function checkNames(
  names: readonly string[] | undefined,
  key: 'needs' | 'services',
  title: string,
): readonly string[] | undefined {
  if (names === undefined || (Array.isArray(names) && names.every((name) => typeof name === 'string' && name !== '')))
    return names;
  throw new TypeError(
    `Cannot use ${key} of "${title}": current value is ${JSON.stringify(names)}, allowed is a list of names`,
  );
}

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function resolveLock(lock: string | Lock, title: string): Required<Lock> {
  const { name, mode = 'exclusive' } = typeof lock === 'string' ? { name: lock } : lock;
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`Cannot lock for "${title}": the name is ${JSON.stringify(name)}, not a text`);
  if (mode !== 'exclusive' && mode !== 'shared')
    throw new RangeError(
      `Cannot lock "${name}" for "${title}": current mode is ${JSON.stringify(mode)}, allowed are exclusive, shared`,
    );
  return { name, mode };
}

function checkWeight(weight: Readonly<Record<string, number>>, title: string): Readonly<Record<string, number>> {
  for (const [name, share] of Object.entries(weight)) {
    if (!(Number.isFinite(share) && share > 0))
      throw new RangeError(
        `Cannot use weight.${name} of "${title}": current value is ${JSON.stringify(share)}, ` +
          'allowed is a number above 0',
      );
  }
  return weight;
}
