import { closeSync, constants, existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openPrivateFile, privateFolder } from '@chaos/env/private';
import { ChaosError } from '@chaos/spec';
import { historyFolder } from './history-folder.js';

const { O_CREAT, O_WRONLY } = constants;

// Empty, so that there is room for it on a full disk, too.
const markOf = (rootDir: string): string => join(dirname(historyFolder(rootDir)), 'unrecorded');

/**
 * Says that a run has begun whose record does not exist yet, so that nobody takes an older one for it. Without any
 * record there is nothing to confuse, and nothing is written.
 */
export function markUnrecorded(rootDir: string): void {
  if (!existsSync(historyFolder(rootDir))) return;
  try {
    privateFolder(dirname(historyFolder(rootDir)));
    closeSync(openPrivateFile(markOf(rootDir), O_CREAT | O_WRONLY));
  } catch {
    // The record of this run cannot be written either, and that is told.
  }
}

/** The last run has its record. */
export function clearUnrecorded(rootDir: string): void {
  rmSync(markOf(rootDir), { force: true });
}

/**
 * Throws `ChaosError` `REPORT` where `last` is meant and the last run has left no record: a judgement of an older one
 * would pass for one of it.
 */
export function assertRecorded(word: string, rootDir: string): void {
  if (word.trim() !== 'last' || !existsSync(markOf(rootDir))) return;
  throw new ChaosError('REPORT', 'Cannot judge the last run: it left no record', {
    hint: 'It did not begin, had --no-history, or could not write its record. The newest record is last~0.',
  });
}
