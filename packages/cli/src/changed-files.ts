import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { UsageError } from '@chaos/spec';

/** Absolute paths of files that differ from a git reference (default: uncommitted changes), and of untracked files. */
export function changedFiles(reference: string | undefined, cwd: string): ReadonlySet<string> {
  const git = (...args: string[]): string[] =>
    execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
      .split('\n')
      .filter(Boolean);
  try {
    const [root = cwd] = git('rev-parse', '--show-toplevel');
    const base = reference ?? 'HEAD';
    const tracked = git('diff', '--name-only', base, '--');
    const untracked = git('ls-files', '--others', '--exclude-standard', '--full-name', root);
    return new Set([...tracked, ...untracked].map((file) => join(root, file)));
  } catch (cause) {
    const { stderr, message } = cause as { stderr?: string; message: string };
    throw new UsageError(
      `Cannot find what changed${reference === undefined ? '' : ` since ${reference}`}: ${(stderr || message).trim()}`,
      { cause, hint: '--only-changed needs a git checkout, and a reference that it has.' },
    );
  }
}
