import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { UndoRecipe } from '@chaos/spec';
import { expect, test } from 'vitest';
import { identityOf, isRunning, untilGone } from '@chaos/env/process';
import { startProcess, startSource, temporaryFolder } from '../processes/source-process.test.helper.js';
import { healJournals } from './heal.js';
import { openLedger } from './ledger.js';

const log = (): void => {};
/** A recipe that appends `letter` to a file, by a function that the package in `directory` declares as an undo. */
function say(letter: string, out: string): UndoRecipe {
  return { kind: 'call', module: undoModule(dirname(out)), export: 'append', data: { letter, out } };
}

function undoModule(directory: string): string {
  const file = join(directory, 'undo.mjs');
  const undo = { './undo.mjs': ['append', 'fail', 'gone'] };
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ chaos: { undo } }));
  writeFileSync(
    file,
    `import { appendFileSync } from 'node:fs';
     export const append = ({ letter, out }) => appendFileSync(out, letter);
     export const fail = () => { throw new Error('it cannot be undone'); };
     export const hidden = () => {};`,
  );
  return pathToFileURL(file).href;
}

test('what a killed process had recorded is undone in reverse, over all journals, all of it', async () => {
  const directory = temporaryFolder();
  const out = join(directory, 'out');
  const writer = await startSource(
    `import { openLedger } from './ledger/ledger.js';
     const [directory, out, module] = process.argv.slice(2);
     const say = (letter) => ({ kind: 'call', module, export: 'append', data: { letter, out } });
     const [one, two] = [openLedger({ directory, name: 'one' }), openLedger({ directory, name: 'two' })];
     one.record(say('a'), 'a');
     two.record(say('b'), 'b');
     one.record(say('settled'), 'settled').settle();
     two.record({ kind: 'call', module, export: 'fail', data: null }, 'failing');
     one.record(say('c'), 'c');
     process.kill(process.pid, 'SIGKILL');`,
    [directory, out, undoModule(directory)],
  );
  expect(await writer.exit).toEqual({ code: null, signal: 'SIGKILL' });

  const report = await healJournals(directory, { log });
  expect(readFileSync(out, 'utf8')).toBe('cba');
  expect(report.healed.map(({ what }) => what)).toEqual(['c', 'b', 'a']);
  expect(report.failed).toMatchObject([
    { what: 'failing', error: { message: expect.stringContaining('it cannot be undone') } },
  ]);

  const again = await healJournals(directory, { log });
  expect(again.healed).toEqual([]);
  expect(again.failed.map(({ what }) => what)).toEqual(['failing']);
  expect(readFileSync(out, 'utf8')).toBe('cba');
});

test('a line that was torn by the death of its writer hides no other', async () => {
  const directory = temporaryFolder();
  const out = join(directory, 'out');
  openLedger({ directory, name: 'a' }).record(say('1', out), 'first');
  appendFileSync(join(directory, 'a.jsonl'), '{"id":"x","recipe":{"kind":"rem');
  openLedger({ directory, name: 'a' }).record(say('2', out), 'second');
  appendFileSync(join(directory, 'a.jsonl'), '{"settled":');
  const lines: string[] = [];
  expect((await healJournals(directory, { log: (line) => lines.push(line) })).healed.map(({ what }) => what)).toEqual([
    'second',
    'first',
  ]);
  expect(lines.filter((line) => line.includes('broken line'))).toHaveLength(2);
  expect((await healJournals(directory, { log })).healed).toEqual([]);
});

test('one ledger can be healed alone', async () => {
  const directory = temporaryFolder();
  const out = join(directory, 'out');
  openLedger({ directory, name: 'slot-0' }).record(say('0', out), 'zero');
  openLedger({ directory, name: 'slot-1' }).record(say('1', out), 'one');
  await healJournals(directory, { log, only: 'slot-1' });
  expect(readFileSync(out, 'utf8')).toBe('1');
});

test('a signal reaches the whole tree, waits for its end, and spares a process that only has the pid', async () => {
  const directory = temporaryFolder();
  const tree = startProcess([
    'sh',
    '-c',
    'trap "" TERM; sh -c \'trap "" TERM; echo $$; while :; do sleep 1; done\' & wait',
  ]);
  const child = identityOf(Number(await tree.line()))!;
  const root = identityOf(tree.pid)!;
  const ledger = openLedger({ directory, name: 'a' });
  ledger.record(
    { kind: 'signal', pid: root.pid, startTime: root.startTime + 1, signal: 'SIGKILL', tree: true },
    'a predecessor',
  );
  expect((await healJournals(directory, { log })).failed).toEqual([]);
  expect([root, child].map(isRunning)).toEqual([true, true]);

  ledger.record({ kind: 'signal', ...root, signal: 'SIGKILL', tree: true }, 'the tree');
  expect((await healJournals(directory, { log })).failed).toEqual([]);
  expect([root, child].map(isRunning)).toEqual([false, false]);
});

test('a stopped tree goes on', async () => {
  const directory = temporaryFolder();
  const stopped = startProcess(['sh', '-c', 'kill -STOP $$; echo on; exec sleep 60']);
  const identity = identityOf(stopped.pid)!;
  openLedger({ directory, name: 'a' }).record({ kind: 'signal', ...identity, signal: 'SIGCONT', tree: true }, 'stop');
  await healJournals(directory, { log });
  expect(await stopped.line()).toBe('on');
  stopped.child.kill('SIGKILL');
  expect(await untilGone([identity], 5_000)).toEqual([]);
});

test('files and folders are removed, but none that a run cannot have made', async () => {
  const directory = temporaryFolder();
  const folder = join(directory, 'data');
  mkdirSync(join(folder, 'deep'), { recursive: true });
  const ledger = openLedger({ directory, name: 'a' });
  ledger.record({ kind: 'remove', path: folder }, 'data');
  ledger.record({ kind: 'remove', path: join(directory, 'never made') }, 'nothing');
  for (const path of ['/', '/etc', '/tmp', 'relative', `${directory}/../x`, process.cwd(), `${process.env['HOME']}`])
    ledger.record({ kind: 'remove', path }, path);
  const report = await healJournals(directory, { log });
  expect(report.healed.map(({ what }) => what)).toEqual(['nothing', 'data']);
  expect(report.failed).toHaveLength(7);
  expect(existsSync(folder)).toBe(false);
});

test('a module is called with the data', async () => {
  const directory = temporaryFolder();
  const module = undoModule(directory);
  const ledger = openLedger({ directory, name: 'a' });
  const data = { letter: 'undone', out: join(directory, 'out') };
  ledger.record({ kind: 'call', module, export: 'append', data }, 'call');
  ledger.record({ kind: 'call', module, export: 'gone', data: null }, 'unknown export');
  const report = await healJournals(directory, { log });
  expect(readFileSync(join(directory, 'out'), 'utf8')).toBe('undone');
  expect(report.failed).toMatchObject([
    { what: 'unknown export', error: { message: expect.stringContaining('not exported') } },
  ]);
});

test('a recipe that cannot be written is an error, before the fault acts', () => {
  const directory = temporaryFolder();
  const ledger = openLedger({ directory, name: 'a' });
  const module = undoModule(directory);
  expect(() => ledger.record({ kind: 'call', module, export: 'append', data: 1n as never }, 'it')).toThrow(
    expect.objectContaining({ code: 'JOURNAL_UNWRITABLE' }),
  );
});
