import { createRequire } from 'node:module';
import { basename, relative } from 'node:path';

const require_ = createRequire(import.meta.url);
const TOKEN = /\*|[@?]\((?:[\w.-]+\|?)+\)|\[\w+\]|[\w.-]+/g;

/**
 * Compiles a glob to a predicate that matches a file by its path from `folder`, its whole path, or its name. Handles
 * the usual globs (a name, or a folder anywhere) itself; others need picomatch, which is loaded then.
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

// `**/*.@(chaos|spec).?(m)ts` as a regular expression over names; `undefined` for more complex globs.
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
