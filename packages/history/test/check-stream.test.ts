import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { checkStream, createRecorder, type Recorder } from '@chaos/history';

/**
 * Appends to lists and reads them, until it is told to stop; from operation `wrongFrom` on it forgets the first element
 * of what it reads.
 */
async function load(
  recorder: Recorder,
  {
    wrongFrom = Infinity,
    operations = Infinity,
    signal,
  }: { wrongFrom?: number; operations?: number; signal?: AbortSignal },
): Promise<number> {
  const process = recorder.process();
  let done = 0;
  let list: number[] = [];
  for (; done < operations && signal?.aborted !== true; done++) {
    if (done % 50 === 0) list = [];
    list.push(done);
    const key = Math.floor(done / 50);
    await process.run(
      'txn',
      [
        ['append', key, done],
        ['r', key, null],
      ],
      async () => {
        // As slow as a server would be: with a load that never waits the history outgrows every check of it.
        if (done % 20 === 0) await pause(1);
        return [
          ['append', key, done],
          ['r', key, done < wrongFrom ? [...list] : list.slice(1)],
        ];
      },
    );
  }
  return done;
}

it('resolves at the first violation, while the load goes on', async () => {
  const recorder = createRecorder();
  const stop = new AbortController();
  const running = load(recorder, { wrongFrom: 1000, signal: stop.signal });
  const verdict = await checkStream(recorder, { model: 'serializable', until: running });
  const seen = recorder.history().operations.length;
  stop.abort();
  expect(verdict.valid).toBe(false);
  expect(verdict.coverage.operations).toBeLessThanOrEqual(seen);
  expect(await running).toBeGreaterThanOrEqual(1000);
});

it('takes the reads of a bank one by one, and stops at the first wrong one', async () => {
  const recorder = createRecorder();
  const stop = new AbortController();
  const heal = recorder.fault('replica lags');
  const running = (async () => {
    const process = recorder.process();
    for (let read = 0; !stop.signal.aborted; read++)
      await process.run('read', null, () => pause(1, { a: 5, b: read === 100 ? 4 : 5 }));
  })();
  const verdict = await checkStream(recorder, { model: 'bank', total: 10, until: running });
  stop.abort();
  heal();
  expect(verdict).toMatchObject({
    valid: false,
    anomalies: [{ type: 'wrong-total', faults: [{ name: 'replica lags' }] }],
    coverage: { wrongReads: 1 },
  });
  await running;
});

it('judges all of it when the load is over, what was open meanwhile too', async () => {
  const recorder = createRecorder();
  const slow = recorder.process().invoke('txn', [['append', 'slow', 1]]);
  const running = load(recorder, { operations: 2000 }).then(() => {
    slow.ok();
    recorder
      .process()
      .invoke('txn', [['r', 'slow', null]])
      .ok([['r', 'slow', [1]]]);
  });
  expect(await checkStream(recorder, { model: 'strict-serializable', until: running })).toMatchObject({
    valid: true,
    coverage: { operations: 2002, ok: 2002, info: 0 },
  });
});

it('is not fooled by a beginning where only the end decides', async () => {
  const recorder = createRecorder();
  const running = (async () => {
    const process = recorder.process();
    for (let element = 0; element < 200; element++)
      await process.run('add', element, () => new Promise<void>((resolve) => setImmediate(resolve)));
    await process.run('read', null, () => Array.from({ length: 200 }, (_, element) => element));
  })();
  expect(await checkStream(recorder, { model: 'set', until: running })).toMatchObject({
    valid: true,
    coverage: { operations: 201 },
  });
});

it('passes on what the load rejects with, what the checker throws, and the reason of the signal', async () => {
  const recorder = createRecorder();
  await expect(
    checkStream(recorder, { model: 'serializable', until: Promise.reject(new Error('the load broke')) }),
  ).rejects.toThrow('the load broke');
  await expect(checkStream(recorder, { model: 'serializable', until: Promise.resolve(), limit: -1 })).rejects.toThrow(
    'current limit is -1',
  );
  await expect(
    checkStream(recorder, {
      model: 'serializable',
      until: new Promise(() => {}),
      signal: AbortSignal.abort(new Error('enough')),
    }),
  ).rejects.toThrow('enough');
  await expect(checkStream(recorder, { model: 'nosuch', until: Promise.resolve() })).rejects.toThrow('nosuch');
});
