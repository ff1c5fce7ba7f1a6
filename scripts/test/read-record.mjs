import { existsSync, readFileSync } from 'node:fs';

/**
 * Reads the record of one vitest run: `{ passed, skipped, failures }`, each failure `{ name, message, place }`. A run
 * without an end is a failure that names the running tests; so is a missing record.
 */
export function readRecord(file, { folder }) {
  if (!existsSync(file))
    return { passed: 0, skipped: 0, failures: [{ name: folder, message: `wrote no ${file}: nothing has run` }] };
  const entries = readFileSync(file, 'utf8').split('\n').filter(Boolean).flatMap(parsed);
  const ends = entries.filter(({ kind }) => kind === 'end');
  const ended = new Set(ends.map(({ id }) => id));
  const failures = [
    ...ends.filter(({ state }) => state === 'failed').map((entry) => failure(folder, entry)),
    ...entries.filter(({ kind }) => kind === 'error').map((entry) => failure(folder, entry)),
  ];
  if (!entries.some(({ kind }) => kind === 'done')) {
    const running = entries.filter(({ kind, id }) => kind === 'start' && !ended.has(id));
    const names = running.map((entry) => failure(folder, entry).name).join('; ') || 'no test';
    failures.push({ name: folder, message: `cut before its end after ${ends.length} tests; running was: ${names}` });
  }
  const count = (wanted) => ends.filter(({ state }) => state === wanted).length;
  return { passed: count('passed'), skipped: count('skipped'), failures };
}

function failure(folder, { file, test, message = 'no message', place }) {
  const name = [file === '' ? folder : `${folder}/${file}`, ...(test === undefined ? [] : [test])].join(' › ');
  return { name, message, ...(place !== undefined && { place: `${folder}/${place}` }) };
}

// The last line of a killed run may be incomplete.
function parsed(line) {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
