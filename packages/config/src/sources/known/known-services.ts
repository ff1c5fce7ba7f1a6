import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { ServiceDefinition, ServiceDescription } from '@chaos/spec';
import type { Source } from '../layer.js';
import { describeProblem, printValue } from '../../problem.js';
import { isMap, valueAt, type Path } from '../../raw-config.js';
import { knownDependencies } from './known-dependencies.js';
import { knownTargets } from './known-targets.js';
import { OWN_NAME } from '../../schema/dependencies.js';
import type { KnownService } from '../../schema/services.js';

/** Services that a configuration may use. */
export interface KnownServices {
  readonly known: readonly KnownService[];
  /** Absolute paths of definitions, by name. */
  readonly definitions: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/** Imports a user's module by its absolute path and returns its default export. */
export type LoadDefinition = (file: string) => Promise<unknown>;

// Reserved names: ends of links, and other parts of a slot.
const RESERVED = ['client', 'target', 'links', 'dns'];

/**
 * Returns the services that ship with chaos, those whose definitions the sources name, loaded, and dependencies that
 * are not started. Sources come strongest first.
 */
export async function knownServices(
  shipped: readonly ServiceDescription[],
  sources: readonly Source[],
  rootDir: string,
  load: LoadDefinition,
): Promise<KnownServices> {
  const known: KnownService[] = shipped.map((each) => ({ ...each, own: false, hasUrl: true }));
  const definitions: Record<string, string> = {};
  const problems: string[] = [];
  for (const source of sources) {
    const services = source.raw(['services']);
    for (const [name, settings] of Object.entries(isMap(services) ? services : {})) {
      const definition = valueAt(settings, ['definition']);
      if (typeof definition !== 'string' || known.some((each) => each.name === name)) continue;
      const path = ['services', name, 'definition'];
      const file = moduleOf(definition, rootDir);
      const found = await describe(name, file, load);
      if (file !== undefined) definitions[name] = file;
      if ('problem' in found) problems.push(problemAt(source, path, definition, found.problem));
      // If a definition cannot be loaded, do not report its other settings as wrong.
      known.push('problem' in found ? { name, title: name, protocols: {}, own: true, hasUrl: true } : found);
    }
  }
  const taken = [...RESERVED, ...known.map(({ name }) => name)];
  const dependencies = knownDependencies(sources, taken);
  const targets = knownTargets(sources, [...taken, ...dependencies.known.map(({ name }) => name)]);
  return {
    known: [...known, ...dependencies.known, ...targets.known],
    definitions,
    problems: [...problems, ...dependencies.problems, ...targets.problems],
  };
}

function problemAt(source: Source, path: Path, value: string, what: string): string {
  return describeProblem({ layer: source.place, path, value, what });
}

function moduleOf(definition: string, rootDir: string): string | undefined {
  const path = resolve(rootDir, definition);
  if (existsSync(path)) return path;
  try {
    return createRequire(join(rootDir, 'package.json')).resolve(definition);
  } catch {
    return undefined;
  }
}

async function describe(
  key: string,
  file: string | undefined,
  load: LoadDefinition,
): Promise<KnownService | { readonly problem: string }> {
  if (RESERVED.includes(key) || !OWN_NAME.test(key))
    return {
      problem: `the service's name has to be lower case letters and digits, and none of ${RESERVED.join(', ')}`,
    };
  if (file === undefined) return { problem: 'there is no such file or package' };
  let value: unknown;
  try {
    value = await load(file);
  } catch (error) {
    return { problem: `loading it failed: ${error instanceof Error ? error.message : String(error)}` };
  }
  const wrong = whatIsWrong(key, value);
  if (wrong !== undefined) return { problem: wrong };
  const { title, protocols, placeholders, use } = value as ServiceDefinition;
  return {
    name: key,
    title,
    protocols,
    ...(placeholders && { placeholders }),
    own: true,
    hasUrl: use !== undefined,
  };
}

function whatIsWrong(key: string, value: unknown): string | undefined {
  if (!isMap(value) || typeof value['start'] !== 'function')
    return `its default export is ${typeof value === 'object' ? 'an object without start()' : typeof value}, not made by defineService()`;
  const { name, title, protocols, placeholders } = value as Partial<ServiceDefinition>;
  if (name !== key) return `it defines ${printValue(name)}: call it services.${String(name)}`;
  if (typeof title !== 'string' || !isMap(protocols) || !Object.keys(protocols).every((each) => each.endsWith(':')))
    return 'it has no title, or its protocols are no map such as { "redis:": 6379 }';
  if (placeholders !== undefined && !(Array.isArray(placeholders) && placeholders.every((each) => /^\w+$/.test(each))))
    return 'its placeholders are no list of words';
  return undefined;
}
