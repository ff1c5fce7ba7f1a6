import { existsSync } from 'node:fs';
import { join } from 'node:path';

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

/** The file that looks like the program of a project; `undefined` where none of the usual names is there. */
export function usualFile(folder: string, main: string | undefined): string | undefined {
  const files = [main, ...USUAL.flatMap((name) => ENDINGS.map((ending) => `${name}.${ending}`))];
  return files.find((name) => name !== undefined && existsSync(join(folder, name)));
}
