import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { holderOf } from '../lock-file.js';
import { identityOf, isRunning, sendSignal, untilGone, type ProcessIdentity } from '@chaos/env/process';
import { startSource, temporaryFolder, type SourceProcess } from '../processes/source-process.test.helper.js';
import { healDeadRuns } from './dead-runs.js';

const OWNER = `
  import { spawn } from 'node:child_process';
  import { mkdirSync } from 'node:fs';
  import { createRunFolder } from './ledger/run-folder.js';
  import { startWatcher } from './ledger/start-watcher.js';
  import { acquirePortBlock } from './ports/port-block.js';
  import { openLedger } from './ledger/ledger.js';
  import { identityOf } from '@chaos/env/process';
  const [runId, base] = process.argv.slice(2);
  const runFolder = createRunFolder({ runId, argv: ['chaos', 'run'], base });
  const watcher = startWatcher({ runFolder, log: () => setImmediate(() => console.log(JSON.stringify({ watcher: identityOf(watcher.pid) }))) });
  const ledger = openLedger({ directory: runFolder.journalDirectory, name: 'main' });
  const start = (script, env, cwd = '/') => new Promise((resolve) => {
    const child = spawn('sh', ['-c', 'trap "" HUP INT TERM; ' + script], { detached: true, cwd, env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.once('data', (text) => resolve([child.pid, ...String(text).trim().split(/\\s+/).filter(Boolean).map(Number)].map(identityOf)));
  });
  const loop = 'while :; do sleep 0.2; done';
  mkdirSync(runFolder.dataDirectory + '/pg');
  const block = await acquirePortBlock();
  const marked = await start("env -i sh -c 'echo $$; " + loop + "' & " + loop, { CHAOS_RUN_ID: runId });
  const servant = await start('echo $$; ' + loop, {}, runFolder.dataDirectory + '/pg');
  const journalled = await start('echo $$; ' + loop, {});
  ledger.record({ kind: 'signal', ...journalled[0], signal: 'SIGKILL', tree: true }, 'unmarked server');
  process.on('SIGUSR2', async () => {
    for (const { pid } of [...marked, ...servant, ...journalled]) try { process.kill(pid, 'SIGKILL'); } catch {}
    block.release();
    await runFolder.remove();
    await watcher.done();
    process.exit(0);
  });
  console.log(JSON.stringify({ pid: process.pid, portLock: '/tmp/chaos-ports/' + block.from, path: runFolder.path, data: runFolder.dataDirectory, watcher: identityOf(watcher.pid), processes: [...marked, ...servant, ...journalled] }));
  setInterval(() => {}, 1000);
`;

interface State {
  readonly pid: number;
  readonly portLock: string;
  readonly path: string;
  readonly data: string;
  readonly watcher: ProcessIdentity;
  readonly processes: readonly ProcessIdentity[];
}

async function startOwner(
  base: string,
  runId = `t${process.pid}-${Math.random().toString(36).slice(2)}`,
): Promise<{ owner: SourceProcess; state: State }> {
  const owner = await startSource(OWNER, [runId, base]);
  const state = JSON.parse(await owner.line()) as State;
  onTestFinished(() => {
    for (const identity of state.processes) sendSignal(identity, 'SIGKILL');
  });
  return { owner, state };
}

async function untilNothingIsLeft({ pid, portLock, path, data, watcher, processes }: State): Promise<void> {
  await vi.waitFor(
    () =>
      expect({
        locked: holderOf(portLock)?.pid === pid,
        path: existsSync(path),
        data: existsSync(data),
        left: [watcher, ...processes].filter(isRunning),
      }).toEqual({ locked: false, path: false, data: false, left: [] }),
    { timeout: 8_000, interval: 20 },
  );
}

test('after kill -9 of the owner nothing of its run is left, and all of the run beside it', async () => {
  const base = temporaryFolder();
  const [killed, beside] = await Promise.all([startOwner(base), startOwner(base)]);
  expect(statSync(killed.state.path).mode & 0o777).toBe(0o700);
  expect(statSync(killed.state.data).mode & 0o777).toBe(0o755);

  killed.owner.child.kill('SIGKILL');
  await untilNothingIsLeft(killed.state);
  expect([beside.state.watcher, ...beside.state.processes].every(isRunning)).toBe(true);
  expect([beside.state.path, beside.state.data].every(existsSync)).toBe(true);

  beside.owner.child.kill('SIGKILL');
  await untilNothingIsLeft(beside.state);
  expect(readdirSync(join(base, 'runs'))).toEqual([]);
  expect(readdirSync(join(base, 'locks'))).toEqual([]);
});

test('the watcher sits through signals to everybody, and leaves when the run ended well', async () => {
  const { owner, state } = await startOwner(temporaryFolder());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(state.watcher.pid, signal);
  owner.child.kill('SIGUSR2');
  expect(await owner.exit).toEqual({ code: 0, signal: null });
  await untilNothingIsLeft(state);
});

test('a watcher that was killed is started again, and heals', async () => {
  const { owner, state } = await startOwner(temporaryFolder());
  process.kill(state.watcher.pid, 'SIGKILL');
  const { watcher } = JSON.parse(await owner.line()) as { watcher: ProcessIdentity };
  expect(watcher.pid).not.toBe(state.watcher.pid);
  owner.child.kill('SIGKILL');
  await untilNothingIsLeft({ ...state, watcher });
});

test('when both were killed, the next start heals; several at once do it once', async () => {
  const base = temporaryFolder();
  const [{ owner, state }, beside] = await Promise.all([startOwner(base), startOwner(base)]);
  owner.child.kill('SIGSTOP');
  process.kill(state.watcher.pid, 'SIGKILL');
  await untilGone([state.watcher], 5_000);
  const identity = identityOf(owner.pid)!;
  owner.child.kill('SIGKILL');
  await untilGone([identity], 5_000);
  expect(state.processes.some(isRunning)).toBe(true);

  const reports = (await Promise.all([1, 2, 3].map(() => healDeadRuns({ log() {}, base })))).flat();
  expect(reports).toMatchObject([{ argv: ['chaos', 'run'], removed: true, failed: [] }]);
  await untilNothingIsLeft(state);
  expect(beside.state.processes.every(isRunning)).toBe(true);
  beside.owner.child.kill('SIGKILL');
  await untilNothingIsLeft(beside.state);
});
