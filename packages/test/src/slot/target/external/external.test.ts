import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { commandThrough } from '@chaos/net-tc';
import { type ExternalTarget, type UndoRecipe } from '@chaos/spec';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { attachTarget, type ProgramProcess } from './attach-target.js';
import { commandOf, executorOf, logCommandOf, stopCommandOf, whyNot, type ExternalVerb } from './external-place.js';
import { undoExternal } from './undo-external.js';

const never = new AbortController().signal;
const url = 'http://127.0.0.1:8080';
const TREE =
  'kill -s "$2" $(ps -e -o pid= -o ppid= | awk -v root="$1" \'{ parent[$1] = $2 } END { for (pid in parent) { at = pid; while (at && at != root) at = parent[at]; if (at == root) print pid } }\')';

async function line(external: Omit<ExternalTarget, 'url'>, verb: ExternalVerb): Promise<readonly string[] | undefined> {
  const place = { url, ...external };
  const argv = commandOf(place, verb);
  return argv && commandThrough(await executorOf(place), argv);
}

describe('command lines', () => {
  test.each([
    [{ container: 'shop-api-1' }, 'pause', ['docker', 'pause', 'shop-api-1']],
    [{ container: 'shop-api-1' }, 'resume', ['docker', 'unpause', 'shop-api-1']],
    [{ container: 'shop-api-1' }, 'kill', ['docker', 'kill', '--signal=KILL', 'shop-api-1']],
    [{ container: 'shop-api-1' }, 'start', ['docker', 'start', 'shop-api-1']],
    [{ container: 'shop-api-1' }, 'restart', ['docker', 'restart', 'shop-api-1']],
    [
      { container: 'shop-api-1' },
      'look',
      ['docker', 'inspect', '--type=container', '--format={{json .State}}', 'shop-api-1'],
    ],
    [
      { container: 'db', host: 'me@stage' },
      'look',
      ['ssh', '-o', 'BatchMode=yes', '--', 'me@stage', "docker inspect --type=container '--format={{json .State}}' db"],
    ],
    [
      { container: 'db', host: 'me@stage' },
      'pause',
      ['ssh', '-o', 'BatchMode=yes', '--', 'me@stage', 'docker pause db'],
    ],
    [{ pid: 4711 }, 'pause', ['sh', '-c', TREE, 'sh', '4711', 'STOP']],
    [{ pid: 4711 }, 'resume', ['sh', '-c', TREE, 'sh', '4711', 'CONT']],
    [{ pid: 4711 }, 'look', ['kill', '-s', '0', '4711']],
    [{ pid: 4711, host: 'stage' }, 'look', ['ssh', '-o', 'BatchMode=yes', '--', 'stage', 'kill -s 0 4711']],
    [
      { pid: 7, pod: 'api-0', namespace: 'prod' },
      'pause',
      ['kubectl', 'exec', '--stdin', '--namespace=prod', 'api-0', '--', 'sh', '-c', TREE, 'sh', '7', 'STOP'],
    ],
    [{ pid: 7, pod: 'api-0' }, 'look', ['kubectl', 'exec', '--stdin', 'api-0', '--', 'kill', '-s', '0', '7']],
    [{ pid: 4711 }, 'kill', undefined],
    [{ pid: 4711 }, 'restart', undefined],
    [{ host: 'stage' }, 'pause', undefined],
  ] as const)('of %j to %s it', async (external, verb, expected) => {
    expect(await line(external, verb)).toEqual(expected);
  });

  test('of its log and its graceful stop', () => {
    expect(logCommandOf({ url, container: 'db' }, 5)).toEqual(['docker', 'logs', '--tail=5', 'db']);
    expect(stopCommandOf({ url, container: 'db' }, 3)).toEqual(['docker', 'stop', '--time=3', 'db']);
    expect([logCommandOf({ url, pid: 7 }, 5), stopCommandOf({ url, pid: 7 }, 3)]).toEqual([undefined, undefined]);
  });

  test('that do not exist have a reason', () => {
    expect(whyNot({ url }, 'pause')).toMatch(/names neither its pid nor its container/);
    expect(whyNot({ url, pid: 7 }, 'kill')).toMatch(/did not start it/);
    expect(whyNot({ url, pid: 7 }, 'change')).toMatch(/environment/);
  });

  test('of an undo are made from names only', async () => {
    for (const external of [
      { url, container: '--privileged' },
      { url, container: 'a;b' },
      { url, pid: 1 },
      { url, pid: '7; id' as unknown as number },
      { url },
    ])
      await expect(undoExternal({ verb: 'resume', external })).rejects.toThrow(/no undo of ours/);
    await expect(undoExternal({ verb: 'kill' as 'start', external: { url, container: 'db' } })).rejects.toThrow(
      /no undo of ours/,
    );
    await expect(
      undoExternal({ verb: 'resume', external: { url, pid: 7, host: '-oProxyCommand=id' } }),
    ).rejects.toThrow(/no destination for ssh/);
  });
});

const SSHD = ['/usr/sbin/sshd', process.env['CHAOS_TEST_SSHD'] ?? ''].find((file) => file !== '' && existsSync(file));
const stateOf = (pid: number): string | undefined => /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];

describe('processes', () => {
  let server: Server;
  let program: ChildProcess;
  let pids: readonly number[];

  // A shell with a child, both of which have to stop.
  beforeEach(async () => {
    server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    program = spawn('sh', ['-c', 'sleep 1000 & echo $$ $!; wait'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    const [said] = (await once(createInterface({ input: program.stdout! }), 'line')) as [string];
    pids = said.split(' ').map(Number);
  });
  afterEach(() => {
    server.close();
    process.kill(-(program.pid ?? 0), 'SIGKILL');
  });

  const attach = (place: Omit<ExternalTarget, 'url'>, recipes: UndoRecipe[] = []): Promise<ProgramProcess> =>
    attachTarget({
      title: 'target',
      external: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ...place },
      probe: async () => ({ ready: true, answer: '' }),
      timeoutMs: 10_000,
      journal: { record: (recipe) => (recipes.push(recipe), { settle: () => void recipes.pop() }) },
      onReadyAgain: async () => {},
      signal: never,
    });

  async function stopsAndGoesOn(place: Omit<ExternalTarget, 'url'>): Promise<void> {
    const recipes: UndoRecipe[] = [];
    const target = await attach(place, recipes);
    const active = await target.stop().inject(never);
    await expect.poll(() => pids.map(stateOf)).toEqual(['T', 'T']);
    expect(recipes).toMatchObject([{ kind: 'call', export: 'undoExternal', data: { verb: 'resume' } }]);
    await active.heal();
    await expect.poll(() => pids.map(stateOf)).toEqual(['S', 'S']);
    expect(recipes).toEqual([]);
    // What is left behind ends with the slot.
    await target.stop().inject(never);
    await target[Symbol.asyncDispose]();
    await expect.poll(() => pids.map(stateOf)).toEqual(['S', 'S']);
    expect(await target.alive()).toBe(true);
    expect(await target.incidents(never)).toEqual([]);
    process.kill(-(program.pid ?? 0), 'SIGKILL');
    await once(program, 'exit');
    expect(await target.incidents(never)).toMatchObject([{ code: 'TARGET_EXITED', what: 'target exited' }]);
    program = spawn('sleep', ['1000'], { detached: true });
  }

  test('here', () => stopsAndGoesOn({ pid: pids[0]! }));

  test('an undo that is replayed lets it go on', async () => {
    const recipes: UndoRecipe[] = [];
    await (await attach({ pid: pids[0]! }, recipes)).stop().inject(never);
    await expect.poll(() => pids.map(stateOf)).toEqual(['T', 'T']);
    const [recipe] = recipes as [Extract<UndoRecipe, { kind: 'call' }>];
    await undoExternal(recipe.data as unknown as Parameters<typeof undoExternal>[0]);
    await expect.poll(() => pids.map(stateOf)).toEqual(['S', 'S']);
  });

  test.skipIf(SSHD === undefined || process.getuid?.() !== 0)(
    'of another host, over ssh',
    { timeout: 120_000 },
    async () => {
      await openHost(SSHD as string);
      await stopsAndGoesOn({ pid: pids[0]!, host: 'elsewhere' });
      await expect(attach({ pid: 4_194_304, host: 'elsewhere' })).rejects.toThrow(
        'Cannot attach to the target: process 4194304 of elsewhere does not run',
      );
      await expect(attach({ pid: pids[0]!, host: 'nowhere' })).rejects.toMatchObject({
        code: 'ENVIRONMENT',
        message: expect.stringMatching(/^Cannot run kill -s 0 \d+ host nowhere: ssh: /) as unknown,
      });
    },
  );
});

/** A host `elsewhere` for ssh: a server on the loopback device, whose configuration and keys are in a folder. */
async function openHost(sshd: string): Promise<void> {
  const folder = mkdtempSync('/tmp/chaos-external-');
  const run = (file: string, args: readonly string[]): Promise<unknown> =>
    once(spawn(file, args, { stdio: 'ignore' }), 'exit');
  mkdirSync('/run/sshd', { recursive: true });
  for (const key of ['host', 'user'])
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', `${folder}/${key}`]);
  const port = await freePort();
  writeFileSync(
    `${folder}/config`,
    `Host elsewhere\n HostName 127.0.0.1\n Port ${port}\n User root\n IdentityFile ${folder}/user\n IdentitiesOnly yes\n StrictHostKeyChecking no\n UserKnownHostsFile ${folder}/known\n LogLevel ERROR\nHost nowhere\n HostName 127.0.0.1\n Port 1\n`,
  );
  // ssh takes its configuration from the home of the user, whatever HOME says.
  mkdirSync(`${folder}/bin`);
  writeFileSync(`${folder}/bin/ssh`, `#!/bin/sh\nexec /usr/bin/ssh -F '${folder}/config' "$@"\n`);
  chmodSync(`${folder}/bin/ssh`, 0o755);
  vi.stubEnv('PATH', `${folder}/bin:${process.env['PATH']}`);
  // The server wants a user of its own, which a machine has where it is installed: here in its own view of /etc.
  const passwd = readFileSync('/etc/passwd', 'utf8');
  writeFileSync(
    `${folder}/passwd`,
    /^sshd:/m.test(passwd) ? passwd : `${passwd}sshd:x:65532:65534::/run/sshd:/bin/false\n`,
  );
  const options = [
    `AuthorizedKeysFile=${folder}/user.pub`,
    'StrictModes=no',
    'ListenAddress=127.0.0.1',
    'PidFile=none',
  ];
  const words = [sshd, '-D', '-f', '/dev/null', '-p', String(port), '-h', `${folder}/host`];
  const server = spawn(
    'unshare',
    [
      '--mount',
      'sh',
      '-c',
      'mount --bind "$0" /etc/passwd && exec "$@"',
      `${folder}/passwd`,
      ...words,
      ...options.flatMap((option) => ['-o', option]),
    ],
    { stdio: 'ignore' },
  );
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    const exit = once(server, 'exit');
    server.kill();
    await exit;
    rmSync(folder, { recursive: true, force: true });
  });
  await expect
    .poll(() => run('ssh', ['-o', 'BatchMode=yes', 'elsewhere', 'true']), { timeout: 20_000 })
    .toEqual([0, null]);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
