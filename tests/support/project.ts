import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

const MODULES = join(import.meta.dirname, '..', 'node_modules');

/** A user's project: files in their own folder, with the built packages in node_modules. */
export interface Project {
  readonly path: string;
  /** TMPDIR of its runs, so that everything left there is theirs. */
  readonly tmp: string;
  /** An absolute path inside it. */
  file(name: string): string;
}

/** Writes a project; removes it when the test has finished. */
export function createProject(files: Readonly<Record<string, string>>, modules: string = MODULES): Project {
  const path = mkdtempSync('/tmp/black-box-');
  onTestFinished(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  // Root's servers run as another user, which must be able to enter.
  chmodSync(path, 0o755);
  const file = (name: string): string => join(path, name);
  mkdirSync(file('tmp'));
  symlinkSync(modules, file('node_modules'));
  for (const [name, text] of Object.entries({
    'package.json': '{ "name": "project", "private": true, "type": "module" }',
    ...files,
  })) {
    mkdirSync(dirname(file(name)), { recursive: true });
    writeFileSync(file(name), text);
  }
  return { path, tmp: file('tmp'), file };
}
