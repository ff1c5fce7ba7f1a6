import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { createProject } from './support/project.ts';
import { HEAD, runTests } from './support/run-tests.ts';
import { startChaos } from './support/start-chaos.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// A program that nobody of us starts: it counts what it is asked, and tells its process.
const PROGRAM = `
  const server = require('http').createServer((request, response) => {
    if (request.url === '/die') process.exit(7);
    response.end(JSON.stringify({ pid: process.pid, path: request.url }));
  });
  server.listen(Number(process.argv.at(-1)), '127.0.0.1', () => console.log(server.address().port));
`;

let program: ChildProcess;
let port: number;
let folder: string;

async function start(): Promise<void> {
  program = spawn(process.execPath, ['-e', PROGRAM, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: program.stdout! }), 'line')) as [string];
  port = Number(line);
}

beforeAll(async () => {
  folder = mkdtempSync('/tmp/black-box-external-');
  await start();
});

afterAll(() => {
  program.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const config = (more: string): string =>
  `target:\n  external: { url: 'http://127.0.0.1:${port}'${more} }\nrunner: { require_purpose: false }\n`;
const PID = `
  const pidOf = async (url, ms = 10_000) => (await (await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(ms) })).json()).pid;
`;

test('a process that runs already is attached to, its link broken, itself stopped, and the rest refused', async () => {
  const { run, get, said } = await runTests(
    `${PID}
    test('is reached', async ({ target }) => {
      expect(await pidOf(target.url)).toBe(await target.process.pid());
      expect(await target.process.alive()).toBe(true);
      expect(target.directUrl).toBe('http://127.0.0.1:${port}');
    });
    test('its link is cut', async ({ target, link, inject }) => {
      const cut = await inject(link('client', 'target').cut());
      await expect(pidOf(target.url)).rejects.toThrow();
      await cut.heal();
      expect(await pidOf(target.url)).toBeGreaterThan(1);
    });
    test('is stopped', async ({ target, inject }) => {
      const stop = await inject(target.process.stop());
      await expect(pidOf(target.url, 300)).rejects.toThrow(/timeout/);
      await stop.heal();
      expect(await pidOf(target.url)).toBeGreaterThan(1);
    });
    test('is stopped, and left so', async ({ target, inject }) => void (await inject(target.process.stop())));
    test('goes on', async ({ target }) => void (await pidOf(target.url)));
    test('kill', async ({ target, inject }) => void (await inject(target.process.kill())));
    test('restart', async ({ target }) => target.process.restart());
    test('environment', async ({ target, inject }) => void (await inject(target.process.clockOffset(1000))));
    test('end', async ({ target }) => void (await target.process.shutdown()));
    `,
    ['--retries', '0'],
    config(`, pid: ${program.pid}`),
  );
  for (const title of ['is reached', 'its link is cut', 'is stopped', 'is stopped, and left so', 'goes on'])
    expect(get(title).status, `${title}\n${run.output}`).toBe('expected');
  const ours = /chaos did not start it, so it could not start it again; .* \[FAULT_REFUSED\]/;
  for (const title of ['kill', 'restart', 'end']) expect(said(title)).toMatch(ours);
  expect(said('environment')).toMatch(/its environment was given to it when it was started/);
});

test('one of which only the address is known has its link, and says why there is no more', async () => {
  const { run, get, said } = await runTests(
    `${PID}
    test('is reached, late', async ({ target, link, inject }) => {
      await inject(link('client', 'target').latency({ latencyMs: 80 }));
      const before = performance.now();
      await pidOf(target.url);
      expect(performance.now() - before).toBeGreaterThan(75);
    });
    test('stop', async ({ target, inject }) => void (await inject(target.process.stop())));
    test('pid', async ({ target }) => void (await target.process.pid()));
    `,
    ['--retries', '0'],
    config(''),
  );
  expect(get('is reached, late').status, run.output).toBe('expected');
  expect(said('stop')).toMatch(/names neither its pid nor its container .*\[FAULT_REFUSED\]/);
  expect(said('pid')).toMatch(/no process of this machine/);
});

// A stand-in for the client of Docker: it does to one process what the daemon does to a container, and writes down the
// words that it got. The real client is proved against its API in packages/net-tc.
function dockerFor(log: string): string {
  const bin = mkdtempSync(`${folder}/bin-`);
  const state = `${bin}/pid`;
  writeFileSync(state, String(program.pid));
  writeFileSync(`${bin}/program.cjs`, PROGRAM);
  writeFileSync(
    `${bin}/docker`,
    `#!/bin/sh
printf '%s\\n' "$*" >> '${log}'
pid=$(cat '${state}')
# One that nobody has waited for yet is a zombie.
alive() { case "$(cut -d' ' -f3 "/proc/$pid/stat" 2> /dev/null)" in Z | '') false ;; esac; }
case "$1" in
  pause) kill -STOP "$pid" ;;
  unpause) kill -CONT "$pid" ;;
  kill) kill -KILL "$pid" ;;
  stop) kill -TERM "$pid"; while alive; do :; done ;;
  start) alive || { setsid '${process.execPath}' '${bin}/program.cjs' ${port} > /dev/null 2>&1 < /dev/null & echo $! > '${state}'; } ;;
  restart) kill -KILL "$pid"; while alive; do :; done; exec "$0" start ;;
  logs) echo 'what it printed' ;;
  inspect) alive && running=true code=0 || running=false code=7
    echo '{"Running":'$running',"StartedAt":"'"$pid"'","ExitCode":'$code',"Pid":'"$pid"'}' ;;
esac
`,
  );
  chmodSync(`${bin}/docker`, 0o755);
  return bin;
}

test('a container is paused, killed, restarted and shut down by docker, and its death is told', async () => {
  const log = `${folder}/docker.log`;
  const bin = dockerFor(log);
  const { run, get, said } = await runTests(
    `${PID}
    test('is paused', async ({ target, inject }) => {
      const stop = await inject(target.process.stop());
      await expect(pidOf(target.url, 300)).rejects.toThrow(/timeout/);
      await stop.heal();
      expect(await pidOf(target.url)).toBe(await target.process.pid());
    });
    test('is killed', async ({ target, inject }) => {
      const before = await pidOf(target.url);
      const killed = await inject(target.process.kill());
      await expect(pidOf(target.url)).rejects.toThrow();
      await killed.heal();
      expect(await pidOf(target.url)).not.toBe(before);
    });
    test('is restarted', async ({ target }) => {
      const before = await pidOf(target.url);
      await target.process.restart();
      expect(await pidOf(target.url)).not.toBe(before);
      expect(await target.process.log(5)).toBe('what it printed');
    });
    test('is shut down', async ({ target }) => {
      expect((await target.process.shutdown({ timeoutMs: 3000 })).code).toBe(7);
      expect(await target.process.alive()).toBe(false);
    });
    test('is back, and dies', async ({ target }) => {
      await pidOf(target.url);
      await fetch(target.directUrl + '/die').catch(() => {});
    });
    test('is back again', async ({ target }) => void (await pidOf(target.url)));
    test('environment', async ({ target }) => target.process.restart({ env: { A: 'b' } }));
    `,
    ['--retries', '0'],
    config(', container: shop-api-1'),
    {},
    { env: { PATH: `${bin}:${process.env['PATH']}` } },
  );
  program.kill('SIGKILL');
  for (const title of ['is paused', 'is killed', 'is restarted', 'is shut down', 'is back again'])
    expect(get(title).status, `${title}\n${run.output}`).toBe('expected');
  expect(said('is back, and dies')).toMatch(/target exited with code 7[^]*what it printed/);
  expect(said('environment')).toMatch(/with another environment: its environment was given to it/);
  const words = new Set(readFileSync(log, 'utf8').trim().split('\n'));
  for (const line of [
    'pause shop-api-1',
    'unpause shop-api-1',
    'kill --signal=KILL shop-api-1',
    'start shop-api-1',
    'restart shop-api-1',
    'logs --tail=5 shop-api-1',
    'inspect --type=container --format={{json .State}} shop-api-1',
  ])
    expect(words).toContain(line);
  // Our patience is longer on a busy machine.
  expect([...words].some((line) => /^stop --time=\d+ shop-api-1$/.test(line))).toBe(true);
  process.kill(Number(readFileSync(`${bin}/pid`, 'utf8')), 'SIGKILL');
  await start();
});

test('kill -9 of the command lets it go on, too', async () => {
  const project = createProject({
    'chaos.yaml': config(`, pid: ${program.pid}`),
    'a.chaos.ts': `${HEAD}
      test('holds', async ({ target, inject }, info) => {
        await inject(target.process.stop());
        mark('stopped');
        await delay(60_000, undefined, { signal: info.signal });
      });`,
  });
  const state = (): string | undefined => /\) (\S)/.exec(readFileSync(`/proc/${program.pid}/stat`, 'utf8'))?.[1];
  const run = startChaos(project, ['run']);
  await run.marked('stopped');
  expect(state()).toBe('T');
  run.kill('SIGKILL');
  await run.exited;
  await eventually(
    () => state() !== 'T' || undefined,
    () => 'it is still stopped',
  );
  await untilNothingIsLeft(run.footprint);
});

test('what does not go together is told at once', async () => {
  const { run } = await runTests(
    "test('x', () => {});",
    ['--workers', '2'],
    `target:\n  external: { url: 'http://127.0.0.1:1', pid: 4711, container: x }\n  command: node x.mjs\n  env: { A: b }\n  ready: { log: up }\n  variants: { bug: { B: c } }\n`,
  );
  expect(run.code).toBe(2);
  for (const text of [
    /target.external.container: external.pid is set too, allowed is one of both/,
    /target.command: target.external is set, and it runs already/,
    /target.env: target.external is set, and it has an environment already/,
    /target.ready.log: target.external is set, allowed are http and port/,
    /target.variants has bug, and only a program that is started here has variants/,
    /runner.workers: current value is 2, allowed is 1 with target.external/,
  ])
    expect(run.output).toMatch(text);
});
