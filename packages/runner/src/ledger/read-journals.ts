import { join } from 'node:path';
import { listPrivateFolder, readPrivateFile } from '@chaos/env/private';
import { parseJournalLine, type JournalRecord } from './journal-line.js';

/** An unsettled recipe, and its file. */
export interface PendingRecord extends JournalRecord {
  readonly file: string;
}

/**
 * Recipes still to be undone, in the order of undoing: latest first. Unreadable lines are passed to `onMalformed`.
 *
 * @throws EnvironmentError where the folder or a file in it is not this user's alone
 */
export function readJournals(
  directory: string,
  onMalformed: (line: string, file: string) => void,
  only?: string,
): PendingRecord[] {
  const files = list(directory).filter((file) => only === undefined || file === only || file === `${only}.jsonl`);
  const pending = files.flatMap((name) => readJournal(join(directory, name), onMalformed));
  return pending
    .map((record, index) => ({ record, index }))
    .sort((a, b) => b.record.timeMs - a.record.timeMs || b.index - a.index)
    .map(({ record }) => record);
}

function readJournal(file: string, onMalformed: (line: string, file: string) => void): PendingRecord[] {
  const pending = new Map<string, PendingRecord>();
  for (const line of readPrivateFile(file).split('\n')) {
    if (line === '') continue;
    const record = parseJournalLine(line);
    if (!record) onMalformed(line, file);
    else if ('settled' in record) pending.delete(record.settled);
    else pending.set(record.id, { ...record, file });
  }
  return [...pending.values()];
}

function list(directory: string): string[] {
  return listPrivateFolder(directory)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
}
