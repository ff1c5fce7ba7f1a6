import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.mjs';

// `links/src/x.ts`, `runner/dispatch/results.ts`, `chain.ts`; one with <a part> or a * stands for many.
const FILE = /(?<![\w<>*@./…-])(?:[\w.-]+\/)*[\w.-]*\w\.(?:ts|mjs|cjs|md|yaml)(?![\w<>*-])/g;
const PLACES = ['packages', 'scripts', 'tests', 'docs', 'suites'];

/** The files that a page names and that are nowhere: in full, or from a folder on, `src` left out. */
export function missingNamedFiles(page) {
  const known = PLACES.flatMap(filesBelow).flatMap((file) => [`/${file}`, `/${file.replace('/src/', '/')}`]);
  const named = new Set(
    readFileSync(join(root, page), 'utf8')
      .replaceAll(/\]\([^)]*\)/g, '')
      .match(FILE),
  );
  return [...named].filter(
    (name) => !OF_ANY_PROJECT.has(name) && !known.some((file) => file.endsWith(`/${name.replace(/^\.\//, '')}`)),
  );
}

// Files of a user's project, and of the root.
const OF_ANY_PROJECT = new Set(['chaos.yaml', 'chaos.config.ts', '.dependency-cruiser.cjs']);

function filesBelow(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return /^(node_modules|dist|\.tsc|\.turbo)$/.test(entry.name) ? [] : filesBelow(path);
    return [path];
  });
}
