import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { findMarked, isRunning, readProcessStat } from '@chaos/env/process';
import { noJournal } from '@chaos/spec';
import { describe, expect, it, vi } from 'vitest';
import { createMemoryJournal } from '../testing/memory-journal.js';
import { temporaryDirectory } from '../testing/temporary-directory.js';
import { spawnService, type SpawnServiceOptions } from './spawn-service.js';

const env = { PATH: process.env['PATH'] };
const defaults = {
  env,
  cwd: tmpdir(),
  journal: noJournal,
  what: 'test',
  log: () => {},
  signal: new AbortController().signal,
  deathSignal: 'SIGKILL',
} as const;
const TREE = 'sleep 1000 & (sleep 1000 & echo $!); echo up; wait';

function start(script: string, options: Partial<SpawnServiceOptions> = {}) {
  return spawnService({ ...defaults, argv: ['sh', '-c', script], ...options });
}

/** Nothing is left except, for a while, an exit status that init has not read. */
function isGone(pid: number): boolean {
  return [undefined, 'Z', 'X'].includes(readProcessStat(pid)?.state);
}

/** The pid of the orphan that {@link TREE} makes: its parent, a subshell, has ended. */
async function orphanOf(service: Awaited<ReturnType<typeof start>>): Promise<number> {
  await vi.waitFor(() => expect(service.logTail()).toContain('up'));
  return Number(/^\d+$/m.exec(service.logTail())![0]);
}

describe('spawnService()', () => {
  it('keeps the output and tells how it ended', async () => {
    const lines: string[] = [];
    const service = await start('echo one; echo two >&2; exit 3', { log: (line) => lines.push(line) });
    expect(await service.exited).toEqual({ code: 3, signal: null });
    expect(service.alive()).toBe(false);
    expect(lines.sort()).toEqual(['one', 'two']);
    expect(service.logTail(1)).toMatch(/^(one|two)$/);
  });

  it('gives it the run id and nothing of our own environment', async () => {
    const service = await start('env', { runId: 'r1' });
    await service.exited;
    expect(service.logTail()).toContain('CHAOS_RUN_ID=r1');
    expect(service.logTail()).not.toContain('VITEST');
  });

  it('stops and continues the whole tree, orphans too', async () => {
    const service = await start(TREE);
    const orphan = await orphanOf(service);
    await service.pause();
    expect([readProcessStat(service.pid)?.state, readProcessStat(orphan)?.state]).toEqual(['T', 'T']);
    service.resume();
    await vi.waitFor(() =>
      expect([readProcessStat(service.pid)?.state, readProcessStat(orphan)?.state]).toEqual(['S', 'S']),
    );
    await service.killTree();
  });

  it('kills the whole tree, stopped ones and orphans too, and settles its recipes', async () => {
    const journal = createMemoryJournal();
    const service = await start(TREE, { journal });
    const orphan = await orphanOf(service);
    expect(journal.open()).toMatchObject([
      { kind: 'signal', pid: service.pid, startTime: service.startTime, signal: 'SIGKILL', tree: true },
      { kind: 'call', export: 'killMarked' },
    ]);
    await service.pause();
    await service.killTree();
    await service.killTree();
    expect([isGone(service.pid), isGone(orphan)]).toEqual([true, true]);
    expect(journal.open()).toEqual([]);
  });

  it('leaves recipes that find what a dead process left', async () => {
    const journal = createMemoryJournal();
    const service = await start(TREE, { journal });
    const orphan = await orphanOf(service);
    service.kill('SIGKILL');
    await service.exited;
    expect(isGone(orphan)).toBe(false);
    const recipe = journal.open().find(({ kind }) => kind === 'call');
    if (recipe?.kind !== 'call') throw new TypeError('no recipe');
    const module = (await import(recipe.module)) as Record<string, (data: unknown) => Promise<void>>;
    await module[recipe.export]!(recipe.data);
    expect(isGone(orphan)).toBe(true);
    await service.killTree();
  });

  it('throws where the folder does not exist', async () => {
    await expect(start('true', { cwd: '/nowhere' })).rejects.toMatchObject({
      code: 'ENVIRONMENT',
      message: expect.stringContaining('Cannot start test: sh cannot be run in /nowhere') as unknown,
    });
  });
});

const PARENT = `
  import { createServer } from 'node:net';
  import { noJournal } from '@chaos/spec';
  import { startPostgres } from '@chaos/services/postgres';
  import { startRedis } from '@chaos/services/redis';
  const port = () => new Promise((done) => { const s = createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)); }); });
  const options = { directory: process.argv[1], journal: noJournal, log() {}, startTimeoutMs: 10000, signal: new AbortController().signal };
  const postgres = await startPostgres({ ...options, port: await port() });
  const redis = await startRedis({ ...options, port: await port() }).catch((error) => { if (error.code !== 'CAPABILITY_MISSING') throw error; });
  console.log(JSON.stringify([postgres.pid, redis?.pid]));
  setInterval(() => {}, 1000);
`;

describe('servers', () => {
  it('die with the process that started them, though it was SIGKILLed', async () => {
    const folder = temporaryDirectory();
    const runId = `death-${process.pid}`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', PARENT, folder.path], {
      env: { ...process.env, CHAOS_RUN_ID: runId },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pids = JSON.parse(String((await parent.stdout.take(1).toArray())[0])) as (number | null)[];
    const children = findMarked('CHAOS_RUN_ID', runId);
    expect(children.length).toBeGreaterThan(1);
    parent.kill('SIGKILL');
    await vi.waitFor(
      () => {
        expect(children.filter(isRunning)).toEqual([]);
        expect(pids.filter((pid) => pid !== null && !isGone(pid))).toEqual([]);
      },
      { timeout: 2000, interval: 20 },
    );
    folder[Symbol.dispose]();
  }, 60_000);
});
