import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { privateFolder, readPrivateFile } from '@chaos/env/private';
import { makeFolder, tryReplaceFile } from '@chaos/spec';
import { cacheFolder } from './cache-folder.js';

const DRAFT_MS = 60_000;

let folder: string | undefined;
let swept = false;

/**
 * The cached output for a file, else the result of `make`, stored for later processes. `key` contains everything that
 * the output depends on. Each file has one entry with its key and checksum, so an old or torn entry is never used.
 */
export function cached(file: string, key: readonly string[], make: () => string): string {
  const path = entryPath(file);
  const wanted = digest(...key);
  const found = path === undefined ? undefined : read(path, wanted);
  if (found !== undefined) return found;
  const output = make();
  if (path !== undefined) write(path, `${wanted} ${digest(output)}\n${output}`);
  return output;
}

function read(path: string, wanted: string): string | undefined {
  try {
    const entry = readPrivateFile(path);
    const end = entry.indexOf('\n');
    const [key, checksum] = entry.slice(0, end).split(' ');
    const output = entry.slice(end + 1);
    return key === wanted && checksum === digest(output) ? output : undefined;
  } catch {
    return undefined;
  }
}

// A full or read-only disk costs speed only.
function write(path: string, entry: string): void {
  const drafts = join(dirname(dirname(path)), 'drafts');
  try {
    makeFolder(dirname(path), 0o700);
    makeFolder(drafts, 0o700);
    sweep(drafts);
  } catch {
    return;
  }
  tryReplaceFile(path, entry, drafts);
}

// Drafts of killed processes. Writing one takes no time, so nobody is at work on what is older.
function sweep(drafts: string): void {
  if (swept) return;
  swept = true;
  for (const name of readdirSync(drafts)) {
    const draft = join(drafts, name);
    const { mtimeMs = Date.now() } = statSync(draft, { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > DRAFT_MS) rmSync(draft, { force: true });
  }
}

function entryPath(file: string): string | undefined {
  folder ??= ownFolder();
  const name = digest(file);
  return folder === '' ? undefined : join(folder, name.slice(0, 2), `${name.slice(2)}.js`);
}

function ownFolder(): string {
  try {
    return privateFolder(cacheFolder());
  } catch {
    // Code in another user's folder would be executed here, so use no cache then. That only costs speed.
    return '';
  }
}

function digest(...parts: readonly string[]): string {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}
