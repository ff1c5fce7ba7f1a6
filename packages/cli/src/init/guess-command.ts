import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectFacts } from './look/project-facts.js';

const USUAL = [
  'server',
  'index',
  'main',
  'app',
  'worker',
  'src/server',
  'src/index',
  'src/main',
  'src/app',
  'src/worker',
];
const ENDINGS = ['js', 'mjs', 'cjs', 'ts', 'mts'];
// Whatever only a shell can do.
const NEEDS_SHELL = /[&|;<>$`*?(){}]|^\w+=/;

/**
 * The command that starts a program: its start script, where no shell is needed for it, so that faults and signals meet
 * the program and not npm; else `npm start`; else the file that looks like the program.
 */
export function guessCommand({ folder, scripts, main, dependencies }: ProjectFacts): string {
  const { start } = scripts;
  if (start !== undefined) return NEEDS_SHELL.test(start) ? 'npm start' : throughBin(start.trim(), folder);
  const files = [main, ...USUAL.flatMap((name) => ENDINGS.map((ending) => `${name}.${ending}`))];
  const file = files.find((name) => name !== undefined && existsSync(join(folder, name))) ?? main ?? 'server.js';
  return /\.[cm]?ts$/.test(file) && dependencies.has('tsx') ? `node --import tsx ${file}` : `node ${file}`;
}

// npm finds programs of packages; without it they have a path.
function throughBin(start: string, folder: string): string {
  const [program = '', ...args] = start.split(/\s+/);
  const bin = join('node_modules', '.bin', program);
  return program !== 'node' && existsSync(join(folder, bin)) ? [bin, ...args].join(' ') : start;
}
