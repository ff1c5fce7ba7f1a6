import { relative } from 'node:path';
import type { RunEvent, TestCase } from '@chaos/spec';
import { launcher } from './launcher.js';

type RunStart = Pick<Extract<RunEvent, { readonly type: 'run-start' }>, 'config' | 'argv' | 'variant'>;

const CONFIG = /^(?:--config=|-c=?)(.+)$/s;

/** The command line that runs this test again under the same conditions, for a shell in the folder of the run. */
export function rerunCommand(test: TestCase, seed: string, start: RunStart | undefined): string {
  const rootDir = start?.config.rootDir ?? '/';
  const { file, line } = test.location;
  const path = relative(rootDir, file);
  const config = configIn(start?.argv ?? []);
  return [
    ...launcher(rootDir),
    `${path.startsWith('..') ? file : path}:${line}`,
    ...(config === undefined ? [] : ['-c', config]),
    '--seed',
    seed,
    ...(test.project === '' ? [] : ['--project', test.project]),
    ...(start?.variant === undefined ? [] : ['--variant', start.variant]),
  ]
    .map(quoted)
    .join(' ');
}

/** The value of `--config` among the words of a command line; the last one counts. */
function configIn(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  return own
    .map((word, index) => (word === '-c' || word === '--config' ? own[index + 1] : CONFIG.exec(word)?.[1]))
    .findLast((value) => value !== undefined);
}

function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
