import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { assertTrusted } from '@chaos/env/private';
import type { Executor } from './executor.js';

const NAME = '[A-Za-z0-9][\\w.:@/-]*';
const PID = '[1-9]\\d*';

// Allowed prefixes, one pattern for each kind of executor. Words are joined by a line feed, which no word can contain.
const FORMS: readonly RegExp[] = [
  '',
  ['ip', 'netns', 'exec', NAME].join('\n'),
  `nsenter\n--target\n${PID}\n(?:--user\n--preserve-credentials\n)?--net\n--`,
  `ssh\n-o\nBatchMode=yes\n(?:-p\n\\d+\n)?(?:-i\n[^\n-][^\n]*\n)?--\n[^\\s-]\\S*`,
  ['docker', 'exec', '--interactive', NAME].join('\n'),
  `kubectl\nexec\n--stdin\n(?:--(?:context|namespace|container)=${NAME}\n)*${NAME}\n--`,
].map((form) => new RegExp(`^${form}$`));

/**
 * Makes sure that an executor which was written down is one of those that this package makes: its words become a
 * command line, and they come out of a file.
 *
 * @throws TypeError with the words
 * @throws EnvironmentError for a folder of programs in which others could put theirs
 */
export function assertExecutor(executor: Executor): void {
  const {
    name,
    prefix,
    throughShell,
    programs = [],
  } = (executor ?? {}) as { readonly [K in keyof Executor]?: unknown };
  const isPlain =
    typeof name === 'string' &&
    Array.isArray(prefix) &&
    prefix.every((word): word is string => typeof word === 'string' && !/[\n\0]/.test(word));
  const isKnown = isPlain && FORMS.some((form) => form.test(prefix.join('\n')));
  assertPrograms(programs);
  // Only ssh hands its words to a shell.
  if (isKnown && throughShell === (prefix[0] === 'ssh')) return;
  throw new TypeError(
    `Cannot undo network faults through ${JSON.stringify(prefix)}: it is no executor of ours (local, ` +
      'networkNamespace, namespaceOf, ssh, docker, kubectl)',
  );
}

function assertPrograms(folders: unknown): void {
  const isPlain =
    Array.isArray(folders) &&
    folders.every(
      (folder): folder is string => typeof folder === 'string' && isAbsolute(folder) && !/[:\n\0]/.test(folder),
    );
  if (!isPlain)
    throw new TypeError(
      `Cannot undo network faults with the programs of ${JSON.stringify(folders)}: no list of folders`,
    );
  // A cache that was cleared meanwhile has no programs that could do harm.
  for (const folder of folders.filter((one) => existsSync(one)))
    assertTrusted(folder, 'Remove what is left of the network faults by hand: tc qdisc, nft list tables.');
}
