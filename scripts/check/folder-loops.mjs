import { dirname, join } from 'node:path';

const RELATIVE_IMPORT = /(?:from|import\()\s*'(\.[^']+)'/g;

/**
 * Circles of imports between folders that lie beside each other: `a/x.ts` imports `b/y.ts`, and another file of `b`
 * one of `a`. Types count, too. Files beside the folders are entries or leaves, and take no part.
 *
 * @param {readonly string[]} files paths below the folder of sources
 * @param {(file: string) => string} read its text
 * @returns {{ place: string, steps: { from: string, to: string, example: string }[] }[]} one circle for each folder
 *   (`place`) in which there are some
 */
export function folderLoops(files, read) {
  const places = new Map();
  for (const file of files)
    for (const [, specifier] of read(file).matchAll(RELATIVE_IMPORT)) {
      const arrow = arrowOf(file, join(dirname(file), specifier));
      if (arrow === undefined) continue;
      const arrows = places.get(arrow.place) ?? new Map();
      places.set(arrow.place, arrows);
      const targets = arrows.get(arrow.from) ?? new Map();
      arrows.set(arrow.from, targets);
      if (!targets.has(arrow.to)) targets.set(arrow.to, `${file} imports ${specifier}`);
    }
  return [...places].flatMap(([place, arrows]) => {
    const steps = circleIn(arrows);
    return steps === undefined ? [] : [{ place, steps }];
  });
}

/** The folders at which the paths of two files part; `undefined` where one of the files lies beside a folder. */
function arrowOf(file, imported) {
  const [one, other] = [foldersOf(file), foldersOf(imported)];
  let common = 0;
  while (common < one.length && one[common] === other[common]) common++;
  if (common === one.length || common === other.length) return undefined;
  return { place: one.slice(0, common).join('/'), from: one[common], to: other[common] };
}

function foldersOf(file) {
  const folder = dirname(file);
  return folder === '.' ? [] : folder.split('/');
}

function circleIn(arrows) {
  for (const start of arrows.keys()) {
    const path = pathBack(arrows, start, start, new Set());
    if (path !== undefined) return path;
  }
  return undefined;
}

function pathBack(arrows, start, from, seen) {
  for (const [to, example] of arrows.get(from) ?? []) {
    const step = { from, to, example };
    if (to === start) return [step];
    if (seen.has(to)) continue;
    seen.add(to);
    const rest = pathBack(arrows, start, to, seen);
    if (rest !== undefined) return [step, ...rest];
  }
  return undefined;
}
