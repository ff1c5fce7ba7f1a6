import { createRequire } from 'node:module';
import { basename, relative } from 'node:path';

const require_ = createRequire(import.meta.url);
const TOKEN = /\*|[@?]\((?:[\w.-]+\|?)+\)|\[\w+\]|[\w.-]+/g;

/**
 * Whether a file is meant by a glob: by its path from `folder`, its whole path, or its name. The globs that most
 * projects use ask for a name, or a folder anywhere; any other is picomatch's, which is loaded for it.
 */
export function matchGlob(glob: string, folder: string): (file: string) => boolean {
  const [, below] = /^\*\*\/([\w.-]+)\/\*\*$/.exec(glob) ?? [];
  if (below !== undefined) return (file) => `${file}/`.includes(`/${below}/`);
  const name = nameOf(glob);
  if (name) return (file) => name.test(basename(file));
  const picomatch = require_('picomatch') as typeof import('picomatch');
  const matches = picomatch(glob, { dot: true });
  return (file) => matches(relative(folder, file)) || matches(file) || matches(basename(file));
}

// `**/*.@(chaos|spec).?(m)ts` as a regular expression over names; `undefined` for what says more.
function nameOf(glob: string): RegExp | undefined {
  const [, name = ''] = /^\*\*\/([^/]+)$/.exec(glob) ?? [];
  const tokens = name.match(TOKEN) ?? [];
  if (name === '' || tokens.join('') !== name || name.includes('**')) return undefined;
  const source = tokens.map((token) => {
    if (token === '*') return '[^/]*';
    if (token.startsWith('[')) return token;
    const text = token.replaceAll('.', String.raw`\.`);
    if (token.startsWith('@(')) return `(?:${text.slice(2)}`;
    return token.startsWith('?(') ? `(?:${text.slice(2)}?` : text;
  });
  return new RegExp(`^${source.join('')}$`);
}
