import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gate } from './gate.mjs';
import { members, root } from '../workspace.mjs';

/** @type {import('typescript')} */
const ts = createRequire(import.meta.url)('typescript');

// Judges formatted code (the gate `format` comes first), so joining lines does not help. Tests tell stories and may be
// longer.
const MOST_LINES = 300;
const MOST_LINES_TEST = 600;
const MOST_LINES_FUNCTION = 60;
const WIDTH = 120;
const MOST_WIDE_RATIO = 0.005;
// A doc comment, or its end, and a member on one line.
const JOINED = /^\s*(?:\/\*\*(?! @)(?:[^*]|\*(?!\/))*)?\*\/ [A-Za-z_$#[]/;

const problems = [];
const sizes = [];
let lines = 0;
let wide = 0;
let functions = 0;

const sources = [
  ...members('packages').flatMap(({ path }) => [`${path}/src`, `${path}/bench`]),
  'suites',
  'tests',
  'scripts',
  'examples',
];
for (const file of sources.flatMap(list)) judge(file);

if (wide > lines * MOST_WIDE_RATIO)
  problems.push(`${wide} of ${lines} lines are wider than ${WIDTH} columns, at most ${MOST_WIDE_RATIO * 100} %`);

sizes.sort((a, b) => a - b);
const at = (share) => sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * share))];
gate(
  problems,
  `${sizes.length} source files, lines: median ${at(0.5)}, p90 ${at(0.9)}, most ${sizes.at(-1)}; ` +
    `${functions} functions, at most ${MOST_LINES_FUNCTION} lines; ` +
    `${((wide / lines) * 100).toFixed(2)} % wider than ${WIDTH}`,
);

function judge(file) {
  const text = readFileSync(`${root}/${file}`, 'utf8').trimEnd();
  const all = text.split('\n');
  const isTest = /\.(test|spec)\.(fixture\.|helpers?\.)?ts$/.test(file);
  const most = isTest ? MOST_LINES_TEST : MOST_LINES;
  if (all.length > most) problems.push(`${file}: ${all.length} lines, at most ${most}: cut it by idea`);
  lines += all.length;
  wide += all.filter((line) => line.length > WIDTH).length;
  for (const [index, line] of all.entries())
    if (JOINED.test(line)) problems.push(`${file}:${index + 1}: give what the comment describes a line of its own`);
  if (isTest) return;
  if (file.startsWith('packages/')) sizes.push(all.length);
  const source = ts.createSourceFile(
    file,
    text,
    ts.ScriptTarget.Latest,
    true,
    file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  visit(source, source, file);
}

function visit(node, source, file) {
  if (ts.isFunctionLike(node) && node.body !== undefined) {
    functions++;
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const count = source.getLineAndCharacterOfPosition(node.getEnd()).line - first + 1;
    if (count > MOST_LINES_FUNCTION)
      problems.push(`${file} › ${nameOf(node)}: ${count} lines, at most ${MOST_LINES_FUNCTION}: cut it by idea`);
  }
  ts.forEachChild(node, (child) => visit(child, source, file));
}

function nameOf(node) {
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name.getText();
  return ts.isCallExpression(parent) ? `${parent.expression.getText()}(…)` : 'anonymous';
}

function list(folder) {
  let entries;
  try {
    entries = readdirSync(`${root}/${folder}`, { recursive: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  return entries
    .filter((entry) => /\.(tsx?|mjs)$/.test(entry) && !/(^|\/)(node_modules|dist)\//.test(entry))
    .map((entry) => `${folder}/${entry}`);
}
