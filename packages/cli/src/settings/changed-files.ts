import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { UsageError } from '@chaos/spec';

const TIMEOUT_MS = 60_000;
const MOST_BYTES = 2 ** 30;
// Names as they are (not quoted, not relative to a folder, not only the new one of a renamed file), whatever git's
// configuration says.
const DIFF = ['diff', '-z', '--name-only', '--no-renames', '--no-ext-diff', '--ignore-submodules=none'] as const;

/**
 * Absolute paths of files that differ from a git reference (default: uncommitted changes), and of untracked files, in
 * the repository of a folder.
 */
export function changedFiles(reference: string | undefined, folder: string): ReadonlySet<string> {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'diff.relative=false', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TIMEOUT_MS,
      maxBuffer: MOST_BYTES,
    });
  try {
    const root = git('rev-parse', '--show-toplevel').replace(/\n$/, '');
    const names = [
      git(...DIFF, reference ?? 'HEAD', '--'),
      git('ls-files', '-z', '--others', '--exclude-standard', '--full-name', root),
    ].flatMap((list) => list.split('\0').filter(Boolean));
    const paths = names.map((name) => join(root, name));
    // Git resolves links, and the folder may have been named by one.
    const real = realpathSync(folder);
    return new Set(real === folder ? paths : paths.flatMap((path) => [path, join(folder, relative(real, path))]));
  } catch (cause) {
    const { stderr, message, code } = cause as { stderr?: string; message: string; code?: string };
    const why = code === 'ETIMEDOUT' ? `git took more than ${TIMEOUT_MS} ms` : (stderr || message).trim();
    throw new UsageError(`Cannot find what changed${reference === undefined ? '' : ` since ${reference}`}: ${why}`, {
      cause,
      hint: '--only-changed needs a git checkout, and a reference that it has.',
    });
  }
}
