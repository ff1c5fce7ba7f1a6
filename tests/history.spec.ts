import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runTests } from './support/run-tests.ts';

// A store that loses a write while its own fault is in force: real enough for the recorder, and no service has to
// start.
const SOURCE = `
  const store = { value: 0, deaf: false };
  const deafness = { name: 'the store is deaf', inject: async () => { store.deaf = true; const heal = async () => { store.deaf = false; }; return { heal, [Symbol.asyncDispose]: heal }; } };
  const write = (recorder, value) => recorder.run('write', value, async () => { if (!store.deaf) store.value = value; });
  const read = (recorder) => recorder.run('read', null, async () => store.value);

  test('right', async ({ recorder }) => {
    await write(recorder, 1);
    await read(recorder);
    expect(recorder).toBeLinearizable();
    expect(recorder.history()).toSatisfyModel('linearizable-register');
  });
  test('wrong', async ({ recorder, inject }) => {
    mark('try');
    await write(recorder, 1);
    const deaf = await inject(deafness);
    await write(recorder, 2);
    await deaf.heal();
    await read(recorder);
    expect(recorder).toBeLinearizable('register');
  });
  test('empty', async ({ recorder }) => {
    expect(recorder).not.toBeSerializable();
  });
  test('not asked', async ({ recorder }) => {
    expect(typeof recorder.history).toBe('function');
  });
`;

test('a test records, judges, and is told which fault an anomaly met; nothing retries it away', async () => {
  const { run, get, only, said } = await runTests(SOURCE, ['--retries', '2', '--workers', '1']);
  expect(run.code, run.output).toBe(1);
  expect(get('right').status).toBe('expected');
  expect(get('not asked').status).toBe('expected');

  expect(get('wrong').status).toBe('unexpected');
  expect(run.marks()).toEqual(['try']);
  expect(said('wrong')).toMatch(/it is not linearizable-register[\s\S]*during the store is deaf/);
  expect(only('right').attachments).toEqual([]);
  const [history, verdict] = only('wrong').attachments;
  expect(history).toMatchObject({ name: 'history', contentType: 'application/x-ndjson' });
  expect(existsSync(history?.path ?? '')).toBe(true);
  expect(verdict).toMatchObject({ name: 'verdict', contentType: 'text/html' });
  expect(Buffer.from(verdict?.body ?? '', 'base64').toString('utf8')).toContain(
    'The history is not linearizable-register',
  );

  expect(get('empty').status).toBe('unexpected');
  expect(said('empty')).toContain('Cannot say whether the history is serializable');
});
