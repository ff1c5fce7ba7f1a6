import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gate } from './gate.mjs';
import { members, root } from '../workspace.mjs';

// A folder holds what a reader can take in at once. `folders-known.json` lists those that held more when the gate came;
// it only shrinks.
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
const LIST = 'scripts/check/folders-known.json';

const counts = new Map();
for (const { path } of members('packages')) {
  for (const file of readdirSync(`${root}/${path}/src`, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || /\.(test|spec)\./.test(file)) continue;
    const folder = dirname(join(path, 'src', file));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
}

const known = JSON.parse(readFileSync(`${root}/${LIST}`, 'utf8'));
const problems = [];
for (const [folder, count] of [...counts].sort(([one], [other]) => one.localeCompare(other))) {
  if (count <= MOST_FILES || COLLECTIONS.has(folder)) continue;
  const listed = known[folder];
  if (listed === undefined)
    problems.push(`${folder}: ${count} files, at most ${MOST_FILES}: give each concern a folder`);
  else if (count > listed) problems.push(`${folder}: ${count} files, had ${listed}: give each concern a folder`);
  else if (count < listed) problems.push(`${LIST}: ${folder} has ${count} files now: say so, it only shrinks`);
}
for (const folder of Object.keys(known))
  if ((counts.get(folder) ?? 0) <= MOST_FILES)
    problems.push(`${LIST}: ${folder} is small now: remove it from the list`);
for (const folder of COLLECTIONS) if (!counts.has(folder)) problems.push(`${folder}: there is no such collection`);
gate(
  problems,
  `${counts.size} folders, at most ${MOST_FILES} files but for ${Object.keys(known).length} known and ${COLLECTIONS.size} collections`,
);
