import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperationError } from '@chaos/spec';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readHistory } from '../formats/read-history.js';
import { createRecorder } from './recorder.js';

const BUILT = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

function folder(): string {
  const path = mkdtempSync('/tmp/recorder-');
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('a recorder', () => {
  it('writes down what was asked before it is sent, and what was answered after it came', async () => {
    const recorder = createRecorder();
    const [alice, bob] = [recorder.process(), recorder.process()];
    const write = alice.invoke('write', 1);
    const during = recorder.history();
    const read = bob.run('read', null, async () => 1);
    write.ok();
    await read;
    expect(recorder.history().operations).toMatchObject([
      { process: 0, f: 'write', type: 'ok', value: 1, invoked: 0, completed: 2 },
      { process: 1, f: 'read', type: 'ok', value: 1, invoked: 1, completed: 3 },
    ]);
    for (const { invokedNs, completedNs } of recorder.history().operations)
      expect(completedNs).toBeGreaterThanOrEqual(invokedNs);
    expect(during.operations).toMatchObject([{ type: 'info', completed: Infinity }]);
  });

  it('gives a process that lost an operation a new id, and keeps the id otherwise', async () => {
    const recorder = createRecorder();
    const client = recorder.process();
    await expect(client.run('write', 1, () => Promise.reject(new OperationError('rejected', '409')))).rejects.toThrow(
      '409',
    );
    expect(client.id).toBe(0);
    await expect(
      client.run('write', 2, () => Promise.reject(new OperationError('timeout', 'too slow'))),
    ).rejects.toThrow('too slow');
    expect(client.id).toBe(1);
    await client.run('write', 3, () => undefined);
    expect(recorder.history().operations).toMatchObject([
      { process: 0, type: 'fail', value: 1, error: '409' },
      { process: 0, type: 'info', value: 2, completed: Infinity, completedNs: Infinity, error: 'too slow' },
      { process: 1, type: 'ok', value: 3 },
    ]);
  });

  it('runs on as many processes as operations are open', async () => {
    const recorder = createRecorder();
    await Promise.all([1, 2, 3].map((value) => recorder.run('write', value, async () => undefined)));
    await recorder.run('read', null, () => 3);
    const processes = recorder.history().operations.map(({ process }) => process);
    expect(new Set(processes.slice(0, 3))).toEqual(new Set([0, 1, 2]));
    expect(processes[3]).toBeLessThan(3);
  });

  it('does not let a process do two things at a time, nor end one twice', () => {
    const client = createRecorder().process();
    const operation = client.invoke('read', null);
    expect(() => client.invoke('write', 1)).toThrow('Cannot invoke "write" on process 0: its operation "read" is open');
    operation.ok(1);
    expect(() => operation.fail()).toThrow('has ended already');
    expect(() => client.invoke('read', null)).not.toThrow();
  });

  it('keeps faults on the clock of the operations', () => {
    const recorder = createRecorder();
    const client = recorder.process();
    client.invoke('read', null).ok(1);
    const heal = recorder.fault('cut');
    client.invoke('read', null).ok(1);
    heal();
    heal();
    recorder.addFaults([{ name: 'kill', startMs: Date.now() - 1000 }]);
    const {
      operations: [before, during],
      faults,
    } = recorder.history();
    expect(faults).toMatchObject([{ name: 'cut' }, { name: 'kill', endNs: Infinity }]);
    expect(faults[0]!.startNs).toBeGreaterThanOrEqual(before!.completedNs);
    expect(faults[0]!.endNs).toBeGreaterThanOrEqual(during!.completedNs);
    expect(faults[1]!.startNs).toBeLessThan(0);
  });

  it('refuses a value that is no JSON before anything is recorded', () => {
    using recorder = createRecorder({ file: join(folder(), 'h.ndjson') });
    expect(() => recorder.process().invoke('write', 1n)).toThrow('Cannot record the value of an operation "write"');
    expect(recorder.history().operations).toEqual([]);
  });
});

describe('its file', () => {
  it('reads back as the history', async () => {
    const file = join(folder(), 'h.ndjson');
    const recorder = createRecorder({ file });
    const client = recorder.process();
    const heal = recorder.fault('cut');
    for (let value = 0; value < 5000; value++) await client.run('txn', [['append', 1, value]], () => undefined);
    heal();
    client.invoke('txn', [['r', 1, null]]).info(new Error('socket closed'));
    recorder[Symbol.dispose]();
    recorder[Symbol.dispose]();
    expect(await readHistory(file)).toEqual(recorder.history());
    expect(() => client.invoke('read', null)).toThrow('is closed');
  });

  it('holds everything up to a SIGKILL; what was open is info', async () => {
    const file = join(folder(), 'h.ndjson');
    const script = `import { createRecorder } from ${JSON.stringify(BUILT)};
      const recorder = createRecorder({ file: ${JSON.stringify(file)} });
      for (let i = 0; i < 1000; i++) await recorder.run('write', i, () => undefined);
      recorder.process().invoke('write', 1000);
      setImmediate(() => setImmediate(() => process.stdout.write('written')));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { operations } = await readHistory(file);
    expect(operations.filter(({ type }) => type === 'ok')).toHaveLength(1000);
    expect(operations.at(-1)).toMatchObject({ type: 'info', value: 1000, completed: Infinity });
  });

  it.each([
    ['process.exit()', 'process.exit(0)'],
    ['an uncaught exception', 'throw new Error("boom")'],
  ])('holds everything up to %s in the same turn', async (_, end) => {
    const file = join(folder(), 'h.ndjson');
    const script = `import { createRecorder } from ${JSON.stringify(BUILT)}; createRecorder({ file: ${JSON.stringify(file)} }).process().invoke('write', 1).ok(); ${end};`;
    await new Promise((resolve) => execFile(process.execPath, ['--input-type=module', '-e', script], resolve));
    expect((await readHistory(file)).operations).toMatchObject([{ type: 'ok', value: 1 }]);
  });

  it.skipIf(!existsSync('/dev/full'))('says that it could not be written', async () => {
    const recorder = createRecorder({ file: '/dev/full' });
    const operation = recorder.process().invoke('write', 1);
    await new Promise(setImmediate);
    expect(() => operation.ok()).toThrow('Cannot write the history /dev/full');
    expect(() => recorder[Symbol.dispose]()).toThrow('Cannot write the history /dev/full');
  });

  it('is lines of JSON', () => {
    const file = join(folder(), 'h.ndjson');
    const recorder = createRecorder({ file });
    recorder.process().invoke('write', 1).fail('40001');
    recorder[Symbol.dispose]();
    const [, ...events] = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events).toMatchObject([
      { index: 0, type: 'invoke', process: 0, f: 'write', value: 1 },
      { index: 1, type: 'fail', process: 0, f: 'write', value: 1, error: '40001' },
    ]);
  });
});
