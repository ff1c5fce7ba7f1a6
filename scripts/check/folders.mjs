import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folderLoops } from './folder-loops.mjs';
import { gate } from './gate.mjs';
import { members, root } from '../workspace.mjs';

// A folder holds what a reader can take in at once, and folders beside each other import in one direction.
const MOST_FILES = 12;
/** A file per thing of one kind, which a user may look up by its name: they grow with the product. */
const COLLECTIONS = new Set([
  'packages/assert/src/matchers',
  'packages/history/src/formats',
  'packages/history/src/invariants',
  'packages/links/src/faults',
  'packages/net-proxy/src/toxics',
  'packages/sample-service/src/defects',
]);

const counts = new Map();
const problems = [];
for (const { path } of members('packages')) {
  const sources = readdirSync(`${root}/${path}/src`, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/\.(test|spec)\./.test(file),
  );
  for (const file of sources) {
    const folder = dirname(join(path, 'src', file));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const loops = folderLoops(sources, (file) => readFileSync(`${root}/${path}/src/${file}`, 'utf8'));
  for (const { place, steps } of loops)
    problems.push(
      `${join(path, 'src', place)}: folders import each other in a circle: ${steps
        .map(({ from, to, example }) => `${from} → ${to} (${example})`)
        .join(', ')}: move a file to the folder that it belongs to`,
    );
}
for (const [folder, count] of [...counts].sort(([one], [other]) => one.localeCompare(other)))
  if (count > MOST_FILES && !COLLECTIONS.has(folder))
    problems.push(`${folder}: ${count} files, at most ${MOST_FILES}: give each concern a folder`);
for (const folder of COLLECTIONS) if (!counts.has(folder)) problems.push(`${folder}: there is no such collection`);
gate(
  problems,
  `${counts.size} folders, at most ${MOST_FILES} files but for ${COLLECTIONS.size} collections; no circle of folders`,
);
