import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Seal } from '../trust/seal.js';

/** What two checkouts must have in common to run the same tests. */
export interface Fingerprint {
  /** Version of chaos. */
  readonly version: string;
  /** Commit; empty outside of git. */
  readonly commit: string;
  /** Digest of the nearest lockfile, with its name; empty without one. */
  readonly lockfile: string;
  /** Digests of the layers of the configuration, by their name. */
  readonly layers: Readonly<Record<string, string>>;
  /** Digests of the test files, by their path below the root. */
  readonly files: Readonly<Record<string, string>>;
}

/** What a fingerprint is taken of. */
export interface Checkout {
  readonly version: string;
  /** Folder of the configuration. */
  readonly rootDir: string;
  /** Absolute paths of the test files. */
  readonly files: readonly string[];
  /** Texts of the layers that are read from files. */
  readonly layers: Readonly<Record<string, string>>;
}

const LOCKFILES = ['pnpm-lock.yaml', 'package-lock.json', 'yarn.lock', 'bun.lock', 'npm-shrinkwrap.json'];

/** Takes the fingerprint of a checkout. Layers may hold secrets, so their digests need the key. */
export async function fingerprintOf(checkout: Checkout, seal: Seal): Promise<Fingerprint> {
  const { version, rootDir, files, layers } = checkout;
  const [commit, lockfile, digests] = await Promise.all([
    commitOf(rootDir),
    lockfileOf(rootDir),
    Promise.all(files.map(async (file) => [relative(rootDir, file), await digestOf(file)] as const)),
  ]);
  return {
    version,
    commit,
    lockfile,
    layers: Object.fromEntries(Object.entries(layers).map(([name, text]) => [name, seal.digest(text)])),
    files: Object.fromEntries(digests),
  };
}

/** Differences between what a run needs and what is here, a sentence each; empty if there is none. */
export function differences(needed: Fingerprint, here: Fingerprint): readonly string[] {
  const single = (['version', 'commit', 'lockfile'] as const)
    .filter((key) => needed[key] !== here[key])
    .map((key) => `${key}: the run has ${needed[key] || 'none'}, here is ${here[key] || 'none'}`);
  return [...single, ...changed('layer', needed.layers, here.layers), ...changed('file', needed.files, here.files)];
}

function changed(
  what: string,
  needed: Readonly<Record<string, string>>,
  here: Readonly<Record<string, string>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(needed), ...Object.keys(here)])].filter(
    (name) => needed[name] !== here[name],
  );
  const told = names
    .slice(0, 5)
    .map((name) => `${what} ${name}: ${here[name] ? (needed[name] ? 'differs' : 'only here') : 'missing here'}`);
  return names.length > 5 ? [...told, `${names.length - 5} more ${what}s differ`] : told;
}

async function commitOf(folder: string): Promise<string> {
  try {
    return (await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: folder })).stdout.trim();
  } catch {
    return '';
  }
}

async function lockfileOf(folder: string): Promise<string> {
  for (let place = folder; ; place = dirname(place)) {
    const name = LOCKFILES.find((each) => existsSync(join(place, each)));
    if (name !== undefined) return `${name} ${await digestOf(join(place, name))}`;
    if (place === dirname(place)) return '';
  }
}

async function digestOf(file: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
      .slice(0, 16);
  } catch {
    return '';
  }
}
