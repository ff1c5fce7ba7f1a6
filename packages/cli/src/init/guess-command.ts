import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectFacts } from './look/project-facts.js';
import { usualFile } from './look/usual-file.js';

// Whatever only a shell can do.
const NEEDS_SHELL = /[&|;<>$`*?(){}]|^\w+=/;

/**
 * The command that starts a program: its start script, where no shell is needed for it, so that faults and signals meet
 * the program and not npm; else `npm start`; else the program of a package, or the file that looks like the program.
 */
export function guessCommand({ folder, scripts, main, dependencies, packaged }: ProjectFacts): string {
  const { start } = scripts;
  if (start !== undefined) return commandOfScript('start', start, folder);
  if (packaged) return packaged.command;
  const file = usualFile(folder, main) ?? main ?? 'server.js';
  return /\.[cm]?ts$/.test(file) && dependencies.has('tsx') ? `node --import tsx ${file}` : `node ${file}`;
}

/** The command of a script of package.json. */
export function commandOfScript(name: string, text: string, folder: string): string {
  if (NEEDS_SHELL.test(text)) return name === 'start' ? 'npm start' : `npm run ${name}`;
  return throughBin(text.trim(), folder);
}

// npm finds programs of packages; without it they have a path.
function throughBin(start: string, folder: string): string {
  const [program = '', ...args] = start.split(/\s+/);
  const bin = join('node_modules', '.bin', program);
  return program !== 'node' && existsSync(join(folder, bin)) ? [bin, ...args].join(' ') : start;
}
