import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSources } from './read-sources.js';

/** A program that comes with a package, as a server from npm does. */
export interface PackagedProgram {
  /** Its command: a path below `node_modules/.bin`. */
  readonly command: string;
  /** What its package depends on. */
  readonly dependencies: readonly string[];
  /** Environment variables that it reads. */
  readonly variables: ReadonlySet<string>;
}

interface Manifest {
  readonly name?: string;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly dependencies?: object;
}

/**
 * The program among the dependencies of a project that has none of its own: the only package with a command, or the
 * only one that calls itself a server or a worker; `undefined` where it is not clear.
 */
export function packagedProgram(folder: string, dependencies: readonly string[]): PackagedProgram | undefined {
  const found = dependencies.flatMap((name) => {
    const manifest = manifestOf(join(folder, 'node_modules', name));
    const command = manifest && binOf(manifest, name);
    return command === undefined || !existsSync(join(folder, command)) ? [] : [{ name, command, manifest }];
  });
  const serving = found.filter(({ name }) => /(^|[-/])(server|worker)$/.test(name));
  const [program, other] = serving.length > 0 ? serving : found;
  if (program === undefined || other !== undefined) return undefined;
  const { name, command, manifest } = program;
  return {
    command,
    dependencies: Object.keys(manifest?.dependencies ?? {}),
    variables: readSources(join(folder, 'node_modules', name), { built: true }).variables,
  };
}

function manifestOf(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}

// A package may have several commands; the program has its name.
function binOf({ bin }: Manifest, name: string): string | undefined {
  const own = name.replace(/^@[^/]+\//, '');
  const commands = typeof bin === 'string' ? [own] : Object.keys(bin ?? {});
  const command = commands.includes(own) ? own : commands.length === 1 ? commands[0] : undefined;
  return command === undefined ? undefined : join('node_modules', '.bin', command);
}
