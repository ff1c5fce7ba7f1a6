import { normalize } from 'node:path';

/** Arguments with which a program undoes something and can do nothing else. */
type Check = (words: readonly string[]) => boolean;

// A word that is no option, and that neither a shell nor a batch of tc would split.
const WORD = /^[\w.:@/%,=+*{}][\w.:@/%,=+*{}-]*$/;
const isPlain = (words: readonly string[]): boolean => words.every((word) => WORD.test(word));

const CHECKS: Readonly<Record<string, Check>> = {
  // `add` and `replace` restore earlier state. Filters and actions could load programs, so they are not allowed.
  tc: ([object, verb, ...rest]) =>
    isPlain(rest) &&
    ((['qdisc', 'class', 'filter'].includes(object ?? '') && ['del', 'delete'].includes(verb ?? '')) ||
      (object === 'qdisc' && ['add', 'replace'].includes(verb ?? ''))),
  nft: ([verb, object, ...rest]) =>
    isPlain(rest) &&
    ['delete', 'destroy', 'flush'].includes(verb ?? '') &&
    ['table', 'chain', 'rule', 'set', 'element'].includes(object ?? ''),
  ip: (words) => {
    const [object, verb, ...rest] = words[0] === '-4' || words[0] === '-6' ? words.slice(1) : words;
    return (
      isPlain(rest) &&
      ['link', 'rule', 'route', 'address', 'addr'].includes(object ?? '') &&
      ['del', 'delete'].includes(verb ?? '')
    );
  },
  // Only an empty folder, and only of control groups.
  rmdir: ([path, ...rest]) =>
    path !== undefined && rest.length === 0 && path.startsWith('/sys/fs/cgroup/') && normalize(path) === path,
};

/**
 * Asserts that a command can only undo something: `tc qdisc|class|filter del …`, `tc qdisc add|replace …`, `nft
 * delete|destroy|flush …`, `ip [-4|-6] link|rule|route|address del …`, `rmdir /sys/fs/cgroup/…`. The program is a bare
 * name, searched on the healer's path.
 *
 * @throws TypeError with the command and what is allowed
 */
export function assertUndoCommand(argv: readonly string[]): void {
  const isList = Array.isArray(argv) && argv.every((word) => typeof word === 'string' && !word.includes('\0'));
  const [program = '', ...words] = isList ? argv : [];
  if (Object.hasOwn(CHECKS, program) && CHECKS[program]?.(words) === true) return;
  throw new TypeError(
    `Cannot undo by running ${JSON.stringify(argv)?.slice(0, 200)}: only tc, nft, ` +
      'ip and rmdir may be run, and only to take away what a fault made. ' +
      `For something else declare a function in package.json#chaos.undo and record { kind: 'call' }`,
  );
}
