import { expect, test } from 'vitest';
import { readProcessStat } from '@chaos/env/process';
import { bundleSource, startProcess, startSource } from '../processes/source-process.test.helper.js';

const RUN = `
  import { isCutOff, jobAncestors } from './signals/ancestors.js';
  import { watchTermination } from './signals/termination.js';
  const termination = watchTermination({ forceAfterMs: Number(process.argv[2] ?? 60_000) });
  termination.signal.addEventListener('abort', () => console.log('graceful', termination.signal.reason.kind, termination.signal.reason.exitCode));
  termination.force.addEventListener('abort', () => console.log('force', termination.force.reason.kind, termination.exitCode));
  for (const kind of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(kind, () => console.log('seen', kind));
  process.on('SIGUSR2', () => process.exit(0));
  console.log(process.pid, jobAncestors().map(({ pid }) => pid).join(), isCutOff());
  setTimeout(() => {}, 60_000);
`;

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 143],
] as const)('%s ends gracefully once, a later second one forces', async (kind, exitCode) => {
  const run = await startSource(RUN, ['50'], { detached: true });
  await run.line();
  process.kill(run.pid, kind);
  expect(await run.line()).toBe(`graceful ${kind} ${exitCode}`);
  let line = '';
  const again = setInterval(() => process.kill(run.pid, kind), 20);
  while (!line.startsWith('force')) line = await run.line();
  clearInterval(again);
  expect(line).toBe(`force ${kind} ${exitCode}`);
});

test.each(['SIGINT', 'SIGTERM'] as const)('SIGINT and a hasty %s after it are one', async (second) => {
  const run = await startSource(RUN, ['10000'], { detached: true });
  await run.line();
  process.kill(run.pid, 'SIGINT');
  expect(await run.line()).toBe('graceful SIGINT 130');
  expect(await run.line()).toBe('seen SIGINT');
  process.kill(run.pid, second);
  expect(await run.line()).toBe(`seen ${second}`);
  process.kill(run.pid, 'SIGUSR2');
  await expect(run.line()).rejects.toThrow('closed');
  expect(await run.exit).toEqual({ code: 0, signal: null });
});

test('another kind is never a second of the first', async () => {
  const run = await startSource(RUN, ['-1'], { detached: true });
  await run.line();
  process.kill(run.pid, 'SIGINT');
  expect(await run.line()).toBe('graceful SIGINT 130');
  expect(await run.line()).toBe('seen SIGINT');
  process.kill(run.pid, 'SIGTERM');
  expect(await run.line()).toBe('seen SIGTERM');
  process.kill(run.pid, 'SIGUSR2');
  await expect(run.line()).rejects.toThrow('closed');
});

test.each(['outer', 'inner'] as const)('kill -9 of the %s shell above is a SIGTERM', async (which) => {
  const main = await bundleSource(RUN);
  const outer = startProcess(['sh', '-c', `sh -c '"$0" "$1"; true' "$0" "$1"; true`, process.execPath, main], {
    detached: true,
  });
  const [pid, ancestors] = (await outer.line()).split(' ');
  const inner = readProcessStat(Number(pid))!.parent;
  expect(ancestors).toBe(`${inner},${outer.pid}`);
  process.kill(which === 'outer' ? outer.pid : inner, 'SIGKILL');
  expect(await outer.line()).toBe('graceful SIGTERM 143');
  process.kill(Number(pid), 'SIGUSR2');
});

test('a process in a group of its own watches nobody', async () => {
  const main = await bundleSource(RUN);
  const outer = startProcess(['sh', '-c', `setsid --wait "$0" "$1"; true`, process.execPath, main], { detached: true });
  const [pid, ancestors] = (await outer.line()).split(' ');
  process.kill(Number(pid), 'SIGUSR2');
  expect(ancestors).toBe('');
});

test.each([
  ['below npm, a wrapper that died early is noticed', { npm_lifecycle_event: 'chaos' }, '</dev/null', true],
  ['one that gave us its input, too', {}, '<&3', true],
  ['a script that put us in the background may end', {}, '</dev/null', false],
] as const)('%s', async (_title, env, input, noticed) => {
  const main = await bundleSource(RUN);
  const outer = startProcess(
    [
      'sh',
      '-c',
      `exec 3</dev/zero; (while kill -0 $$ 2>/dev/null; do :; done; exec "$0" "$1" ${input}) & kill -9 $$`,
      process.execPath,
      main,
    ],
    { detached: true, env: { PATH: process.env['PATH'], ...env } },
  );
  const [pid, ancestors, cutOff] = (await outer.line()).split(' ');
  expect([ancestors, cutOff]).toEqual(['', String(noticed)]);
  if (noticed) expect(await outer.line()).toBe('graceful SIGTERM 143');
  process.kill(Number(pid), 'SIGUSR2');
  await expect(outer.line()).rejects.toThrow('closed');
});

test('a script that put a package manager above us in the background may end', async () => {
  const main = await bundleSource(RUN);
  const outer = startProcess(
    [
      'sh',
      '-c',
      `(while kill -0 $$ 2>/dev/null; do :; done; exec sh -c 'npm_lifecycle_event=chaos "$0" "$1"; true' "$0" "$1" </dev/null) & kill -9 $$`,
      process.execPath,
      main,
    ],
    { detached: true, env: { PATH: process.env['PATH'] } },
  );
  const [pid, ancestors, cutOff] = (await outer.line()).split(' ');
  expect([ancestors, cutOff]).toEqual([expect.stringMatching(/^\d+$/), 'false']);
  process.kill(Number(pid), 'SIGUSR2');
  await expect(outer.line()).rejects.toThrow('closed');
});
