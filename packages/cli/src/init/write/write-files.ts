import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plan } from '../plan.js';
import { chaosYaml } from './chaos-yaml.js';
import { driverFile } from './driver-file.js';
import { testFile } from './test-file.js';

/** What became of one file. */
export interface Written {
  readonly file: string;
  readonly what: 'written' | 'kept: it is there already' | 'added chaos-results/' | 'kept: it has chaos-results/';
}

const RESULTS = 'chaos-results/';

/** Writes the files of a plan. None that is there is changed, but for lines at the end of `.gitignore`. */
export function writeFiles(plan: Plan, folder: string): readonly Written[] {
  const files: Readonly<Record<string, string>> = {
    'chaos.yaml': chaosYaml(plan, folder),
    'chaos/driver.ts': driverFile(plan),
    'chaos/first.chaos.ts': testFile(plan),
  };
  return [...Object.entries(files).map(([file, text]) => writeNew(folder, file, text)), ignoreResults(folder)];
}

function writeNew(folder: string, file: string, text: string): Written {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  try {
    // Fails if somebody else has made it since.
    writeFileSync(path, text, { flag: 'wx' });
    return { file, what: 'written' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return { file, what: 'kept: it is there already' };
  }
}

function ignoreResults(folder: string): Written {
  const file = '.gitignore';
  const path = join(folder, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (text.split('\n').some((line) => /^\/?chaos-results\/?$/.test(line.trim())))
    return { file, what: 'kept: it has chaos-results/' };
  appendFileSync(path, `${text === '' || text.endsWith('\n') ? '' : '\n'}${RESULTS}\n`);
  return { file, what: 'added chaos-results/' };
}
