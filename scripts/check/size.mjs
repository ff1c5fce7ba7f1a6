import { readFileSync, readdirSync } from 'node:fs';
import { gate } from './gate.mjs';
import { members, root } from '../workspace.mjs';

// Physical lines of a source file; tests tell stories and may be longer.
const MOST_LINES = 250;
const MOST_LINES_TEST = 400;
const MOST_LINES_SPEC = 500;

const problems = [];
const sizes = [];
let spec = 0;
const sources = [...members('packages').map(({ path }) => `${path}/src`), 'suites', 'tests', 'scripts', 'examples'];
for (const file of sources.flatMap(list)) {
  const lines = readFileSync(`${root}/${file}`, 'utf8').trimEnd().split('\n').length;
  const isTest = /\.(test|spec|chaos)\.(helpers?\.)?ts$/.test(file);
  const most = isTest ? MOST_LINES_TEST : MOST_LINES;
  if (lines > most) problems.push(`${file}: ${lines} lines, at most ${most}: cut it by responsibility`);
  if (!isTest && file.startsWith('packages/')) sizes.push(lines);
  if (!isTest && file.startsWith('packages/spec/')) spec += lines;
}
if (spec > MOST_LINES_SPEC) problems.push(`packages/spec: ${spec} lines in all, at most ${MOST_LINES_SPEC}: it holds contracts only`);

sizes.sort((a, b) => a - b);
const at = (share) => sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * share))];
gate(problems, `${sizes.length} source files, lines: median ${at(0.5)}, p90 ${at(0.9)}, most ${sizes.at(-1)}; spec ${spec} of ${MOST_LINES_SPEC}`);

function list(folder) {
  let entries;
  try {
    entries = readdirSync(`${root}/${folder}`, { recursive: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  return entries.filter((entry) => /\.(ts|mjs)$/.test(entry) && !/(^|\/)(node_modules|dist)\//.test(entry)).map((entry) => `${folder}/${entry}`);
}
