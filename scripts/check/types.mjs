import { existsSync } from 'node:fs';
import { bin, command } from '../command.mjs';
import { pool } from '../pool.mjs';
import { gate } from './gate.mjs';
import { root } from '../workspace.mjs';

// TypeScript outside of packages. Turbo's task `types` checks the packages.
const projects = ['suites', 'tests', 'examples'].filter((folder) => existsSync(`${root}/${folder}/tsconfig.json`));
const results = await pool(2, projects, (project) =>
  command([...bin('tsc'), '-p', `${project}/tsconfig.json`, '--noEmit', '--pretty', 'false']),
);
const problems = results.flatMap(({ code, output }) => {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('error TS18003'));
  return code === 0 || lines.length === 0 ? [] : lines;
});
gate(problems, `packages by turbo, then ${projects.join(', ')}`);
