import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The commit that is checked out, and its branch. */
export interface Head {
  readonly commit: string;
  /** Absent where HEAD is detached. */
  readonly branch?: string;
}

/**
 * The commit of the git repository around a folder, read from its files: starting git would take as long as a short
 * run. `undefined` outside of a repository, and before its first commit.
 */
export function readHead(folder: string): Head | undefined {
  try {
    const gitDir = findGitDir(resolve(folder));
    if (gitDir === undefined) return undefined;
    const head = readFileSync(join(gitDir, 'HEAD'), 'utf8').trim();
    const ref = /^ref: (.+)$/.exec(head)?.[1];
    if (ref === undefined) return isHash(head) ? { commit: head } : undefined;
    const commit = commitOf(ref, gitDir);
    return commit === undefined ? undefined : { commit, branch: ref.replace(/^refs\/heads\//, '') };
  } catch {
    return undefined;
  }
}

function findGitDir(folder: string): string | undefined {
  const path = join(folder, '.git');
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return path;
  // A worktree has a file with the path of its folder.
  if (stat?.isFile()) {
    const target = /^gitdir: (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1];
    return target && resolve(folder, target.trim());
  }
  return dirname(folder) === folder ? undefined : findGitDir(dirname(folder));
}

function commitOf(ref: string, gitDir: string): string | undefined {
  const common = resolve(gitDir, textOf(join(gitDir, 'commondir'))?.trim() ?? '.');
  for (const folder of [gitDir, common]) {
    const loose = textOf(join(folder, ref))?.trim();
    if (loose !== undefined && isHash(loose)) return loose;
  }
  const packed = textOf(join(common, 'packed-refs'))
    ?.split('\n')
    .find((line) => line.endsWith(` ${ref}`));
  return packed?.split(' ')[0];
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function isHash(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
