import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '@chaos/spec';
import { parse } from 'yaml';
import { packagedProgram, type PackagedProgram } from './packaged-program.js';
import { readSources, type SourceFacts } from './read-sources.js';
import { usualFile } from './usual-file.js';

/** What a project says about itself. */
export interface ProjectFacts extends SourceFacts {
  readonly folder: string;
  /** Names of its dependencies, those for development included. */
  readonly dependencies: ReadonlySet<string>;
  readonly scripts: Readonly<Record<string, string>>;
  /** `main` of package.json. */
  readonly main: string | undefined;
  /** Variables of its example of an environment file, with their values. */
  readonly exampleEnv: ReadonlyMap<string, string>;
  /** Images of its Compose file. */
  readonly images: readonly string[];
  /** Its program, where that comes with a package. */
  readonly packaged: PackagedProgram | undefined;
  /** Paths of its OpenAPI document that can be read without a parameter. */
  readonly documentedPaths: readonly string[];
}

const ENV_EXAMPLES = ['.env.example', '.env.sample', '.env.template', '.env.dist'];
const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
const OPEN_API_FILES = ['.', 'docs', 'api', 'spec'].flatMap((folder) =>
  ['openapi', 'swagger'].flatMap((name) => ['json', 'yaml', 'yml'].map((ending) => join(folder, `${name}.${ending}`))),
);

interface Manifest {
  readonly main?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: object;
  readonly devDependencies?: object;
}

/** Reads what a folder says about its program; nothing is run. Throws UsageError without a package.json. */
export function lookAtProject(folder: string): ProjectFacts {
  const manifest = readManifest(folder);
  const { scripts = {}, main } = manifest;
  const isOwn = 'start' in scripts || usualFile(folder, main) !== undefined;
  const packaged = isOwn ? undefined : packagedProgram(folder, Object.keys(manifest.dependencies ?? {}));
  return {
    folder,
    packaged,
    dependencies: new Set([
      ...Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }),
      ...(packaged?.dependencies ?? []),
    ]),
    scripts,
    main,
    exampleEnv: new Map(textOf(folder, ENV_EXAMPLES).split('\n').flatMap(variableIn)),
    images: imagesIn(documentOf(folder, COMPOSE_FILES)),
    documentedPaths: pathsIn(documentOf(folder, OPEN_API_FILES)),
    ...readSources(folder),
  };
}

function readManifest(folder: string): Manifest {
  const file = join(folder, 'package.json');
  if (!existsSync(file))
    throw new UsageError(`Cannot look at the project: ${folder} has no package.json`, {
      hint: 'Run chaos init in the folder of the program.',
    });
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch (cause) {
    throw new UsageError(`Cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
}

// The first of them that is there.
function textOf(folder: string, names: readonly string[]): string {
  const found = names.map((name) => join(folder, name)).find((file) => existsSync(file));
  return found === undefined ? '' : readFileSync(found, 'utf8');
}

// A document that cannot be read tells nothing; its owner has tools that say why.
function documentOf(folder: string, names: readonly string[]): unknown {
  try {
    return parse(textOf(folder, names)) as unknown;
  } catch {
    return undefined;
  }
}

function variableIn(line: string): readonly [string, string][] {
  const [, name, value = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
  if (name === undefined) return [];
  const [, quoted] = /^(?:"([^"]*)"|'[^']*')/.exec(value) ?? [];
  return [[name, quoted ?? value.replace(/^'([^']*)'.*$/, '$1').replace(/\s+#.*$/, '')]];
}

function imagesIn(document: unknown): readonly string[] {
  const { services } = Object(document) as { services?: Readonly<Record<string, unknown>> };
  return Object.values(services ?? {}).flatMap((service) => {
    const { image } = Object(service) as { image?: unknown };
    return typeof image === 'string' ? [image] : [];
  });
}

function pathsIn(document: unknown): readonly string[] {
  const { paths } = Object(document) as { paths?: Readonly<Record<string, unknown>> };
  return Object.entries(paths ?? {}).flatMap(([path, methods]) =>
    'get' in Object(methods) && !path.includes('{') ? [path] : [],
  );
}
