import { existsSync } from 'node:fs';
import { bin, command } from '../command.mjs';
import { gate } from './gate.mjs';
import { root } from '../workspace.mjs';

const folders = ['packages', 'suites', 'tests', 'examples', 'scripts'].filter((folder) =>
  existsSync(`${root}/${folder}`),
);
const { code, output } = await command([
  ...bin('oxlint'),
  '--type-aware',
  '--deny-warnings',
  '--report-unused-disable-directives',
  '--format',
  'unix',
  ...folders,
]);
const problems = output.split('\n').filter((line) => /^[^\s]+:\d+:\d+:/.test(line));
if (code !== 0 && problems.length === 0) problems.push(output.trim());
gate(problems, 'oxlint, type-aware, no warnings');
