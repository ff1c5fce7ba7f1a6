import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ChaosError, UsageError } from '@chaos/spec';
import { listHistory, type HistoryEntry } from './history-folder.js';

/** Project whose history is searched. */
export interface RunScope {
  readonly cwd: string;
  readonly rootDir: string;
}

/**
 * The files of the runs that a word means, the oldest first: a path of a record or a blob report, a folder of them, an
 * id or the beginning of one, `last`, `last~1` (the one before), `last~9..last` (a range), or `all`. Several words are
 * joined by commas.
 *
 * @throws UsageError for a word that means none or several runs
 * @throws ChaosError `REPORT` where the history holds no run, so that `last` means none
 */
export function findRuns(words: string, scope: RunScope): readonly string[] {
  const history = listHistory(scope.rootDir);
  const files = words.split(',').flatMap((word) => filesOf(word.trim(), scope, history));
  return [...new Set(files)];
}

/**
 * The file of the one run that a word means.
 *
 * @throws as {@link findRuns}, and UsageError where the word means several
 */
export function findRun(word: string, scope: RunScope): string {
  const files = findRuns(word, scope);
  if (files.length === 1) return files[0]!;
  throw new UsageError(`Cannot tell the run: ${JSON.stringify(word)} means ${files.length} of them`, {
    hint: 'Give one: a path, an id, last, or last~1. Shards become one run by `chaos merge-reports --reporter blob FOLDER`.',
  });
}

function filesOf(word: string, scope: RunScope, history: readonly HistoryEntry[]): readonly string[] {
  const range = /^(.+)\.\.(.+)$/.exec(word);
  if (range) {
    const [from, to] = [range[1]!, range[2]!].map((end) => indexOf(end, scope, history)).sort((a, b) => a - b);
    return history.slice(from, to! + 1).map(({ file }) => file);
  }
  if (word === 'all') return assertSome(history, word, scope).map(({ file }) => file);
  const path = resolve(scope.cwd, word);
  if (word !== '' && existsSync(path)) return statSync(path).isDirectory() ? inFolder(path) : [path];
  return [history[indexOf(word, scope, history)]!.file];
}

function indexOf(word: string, scope: RunScope, history: readonly HistoryEntry[]): number {
  const back = /^last(?:~(\d+))?$/.exec(word);
  if (back) {
    assertSome(history, word, scope);
    const index = history.length - 1 - Number(back[1] ?? 0);
    if (index < 0)
      throw new UsageError(
        `Cannot find ${word}: the history holds ${history.length} ${history.length === 1 ? 'run' : 'runs'}`,
        {
          hint: `The oldest is last~${history.length - 1}.`,
        },
      );
    return index;
  }
  const found = history.flatMap(({ runId }, index) => (word !== '' && runId.startsWith(word) ? [index] : []));
  if (found.length === 1) return found[0]!;
  throw new UsageError(
    found.length === 0
      ? `Cannot find the run ${JSON.stringify(word)}: it is neither a file nor the beginning of an id in the history`
      : `Cannot tell the run: ${found.length} ids begin with ${word}`,
    {
      hint:
        found.length === 0
          ? 'Give a path, the beginning of an id, last, or last~1; `chaos export --list` prints the ids.'
          : found.map((index) => history[index]!.runId).join(', '),
    },
  );
}

function assertSome(
  history: readonly HistoryEntry[],
  word: string,
  { rootDir, cwd }: RunScope,
): readonly HistoryEntry[] {
  if (history.length > 0) return history;
  const folder = relative(cwd, rootDir) || '.';
  throw new ChaosError('REPORT', `Cannot find ${word}: no run of ${folder} has left a record (.chaos/runs)`, {
    hint: 'Run `chaos run` first; runner.history.max_runs: 0 and --no-history write none.',
  });
}

function inFolder(folder: string): readonly string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  if (files.length === 0)
    throw new ChaosError('REPORT', `Cannot read runs of ${folder}: it holds no .jsonl file`, {
      hint: 'Give a folder with records of .chaos/runs or with blob reports.',
    });
  return files.sort().map((name) => join(folder, name));
}
