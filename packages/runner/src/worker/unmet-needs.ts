import { nearest, type ResolvedConfig } from '@chaos/spec';
import { loadDriver } from '../modules/load-driver.js';

/** What a test declares of its target. */
export interface Declared {
  /** Operations of the driver. */
  readonly needs: readonly string[] | undefined;
  /** Services that the target depends on. */
  readonly services: readonly string[];
}

/** The reason why the target cannot run a test that declares this; `undefined` if it can. */
export type FindUnmet = (declared: Declared) => string | undefined;

/**
 * Compares tests with the target of this configuration. The driver is loaded only if a test declares operations. A
 * driver that cannot be loaded lacks nothing here: every test that calls it fails with the reason.
 */
export async function unmetNeeds(
  { target }: Pick<ResolvedConfig, 'target'>,
  declared: readonly Declared[],
): Promise<FindUnmet> {
  const isAsked = declared.some(({ needs = [] }) => needs.length > 0);
  const operations = isAsked ? await operationsOf(target.driver) : [];
  const lacking = declared.flatMap(({ needs = [] }) => needs.filter((name) => operations?.includes(name) === false));
  const alike = lacking.length === 0 || target.driver === undefined ? [] : alikeOf(lacking, operations ?? []);
  return ({ needs = [], services }) =>
    lackOfService(services, target.services) ??
    (operations && lackOfOperation(needs, operations, { driver: target.driver, alike: new Map(alike) }));
}

function alikeOf(
  names: readonly string[],
  operations: readonly string[],
): readonly (readonly [name: string, alike: string])[] {
  return names.flatMap((name) => {
    const alike = nearest(name, operations);
    return alike === undefined ? [] : [[name, alike] as const];
  });
}

async function operationsOf(driver: string | undefined): Promise<readonly string[] | undefined> {
  if (driver === undefined) return [];
  try {
    return Object.keys((await loadDriver(driver)).operations);
  } catch {
    return undefined;
  }
}

function lackOfService(wanted: readonly string[], has: readonly string[]): string | undefined {
  const lacking = wanted.filter((name) => !has.includes(name));
  return lacking.length === 0 ? undefined : `target has no ${quoted(lacking)}`;
}

function lackOfOperation(
  needs: readonly string[],
  operations: readonly string[],
  { driver, alike }: { readonly driver: string | undefined; readonly alike: ReadonlyMap<string, string> },
): string | undefined {
  const lacking = needs.filter((name) => !operations.includes(name));
  if (lacking.length === 0) return undefined;
  if (driver === undefined) return `target has no driver, so no ${quoted(lacking)}`;
  const meant = lacking.flatMap((name) => alike.get(name) ?? []);
  return `driver has no ${quoted(lacking)}${meant.length === 0 ? '' : ` (it has ${quoted(meant)})`}`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
