import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { lossOf, openLaboratory, type Laboratory } from './agent.test.helpers.js';
import { apply } from './apply/apply.js';
import { probeCapabilities } from './kernel/probe-capabilities.js';
import { runCommand } from './kernel/run-command.js';
import { openDockerDaemon } from './docker-daemon.test.helpers.js';
import { commandThrough, docker, kubectl, local, networkNamespace, ssh, type Executor } from './executors/executor.js';
import { openKubeApi } from './kube-api.test.helpers.js';
import { plan } from './plan/plan.js';
import { ALL_CAPABILITIES } from './plan/tc-capabilities.js';

const { signal } = new AbortController();
const isRoot = process.geteuid?.() === 0;
const here = await probeCapabilities();
// Planned for a machine with nft, which those tests need that apply it.
const cut = plan(
  { device: 'lo', faults: [{ match: { destinationPorts: [9100] }, partition: 'drop' }] },
  { ...here, nft: ALL_CAPABILITIES.nft },
);

test.skipIf(!isRoot || !here.nft.available || !existsSync('/usr/sbin/sshd'))(
  'through ssh, where a shell takes the words apart again',
  async () => {
    await using lab = await openLaboratory();
    const folder = mkdtempSync('/tmp/net-tc-ssh-');
    mkdirSync('/run/sshd', { recursive: true });
    for (const key of ['host', 'user'])
      await runCommand(
        local,
        { argv: ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', `${folder}/${key}`] },
        signal,
      );
    const [program, ...words] = commandThrough(lab.executor, [
      '/usr/sbin/sshd',
      '-D',
      '-f',
      '/dev/null',
      '-p',
      '2222',
      '-h',
      `${folder}/host`,
      '-o',
      `AuthorizedKeysFile=${folder}/user.pub`,
      '-o',
      'StrictModes=no',
      '-o',
      'ListenAddress=127.0.0.1',
      '-o',
      'PidFile=none',
    ]);
    const server = spawn(program, words, { stdio: 'ignore' });
    try {
      const remote = ssh('127.0.0.1', { port: 2222, identityFile: `${folder}/user` });
      // Connects from inside the namespace, because the server is reachable only there.
      const options = [
        '-o',
        'StrictHostKeyChecking=no',
        '-o',
        `UserKnownHostsFile=${folder}/known`,
        '-o',
        'LogLevel=ERROR',
      ];
      const executor: Executor = {
        ...remote,
        prefix: [...lab.executor.prefix, 'ssh', ...options, ...remote.prefix.slice(1)],
      };
      while (
        !(await runCommand(executor, { argv: ['true'] }, signal).then(
          () => true,
          () => false,
        ))
      )
        await delay(50);
      const hostile = `a b; $(reboot) 'x' "y" \\ *\n`;
      expect(await runCommand(executor, { argv: ['printf', '%s', hostile] }, signal)).toBe(hostile.replace(/\n$/, ''));
      const active = await apply(cut, { executor });
      expect(lossOf(await lab.datagrams({ port: 9100, count: 10 }))).toBe(1);
      await active.heal();
      expect(lossOf(await lab.datagrams({ port: 9100, count: 10 }))).toBe(0);
    } finally {
      const exit = once(server, 'exit');
      server.kill();
      await exit;
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

const has = (argv: readonly [string, ...string[]]): Promise<boolean> =>
  runCommand(local, { argv }, signal).then(
    () => true,
    () => false,
  );
const HOSTILE = ['--privileged', 'a b; $(reboot)', '\'x\' "y"', '', '-v', '\\ *\n', '&command=id'];
const CLIENTS = [
  [
    'docker',
    await has(['docker', '--version']),
    'DOCKER_HOST',
    async (lab: Laboratory) => ({
      daemon: await openDockerDaemon('db-1', lab.executor),
      executor: docker('db-1'),
      other: docker('db-2'),
    }),
  ],
  [
    'kubectl',
    await has(['kubectl', 'version', '--client']),
    'KUBECONFIG',
    async (lab: Laboratory) => ({
      daemon: await openKubeApi('prod', 'db-0', lab.executor),
      executor: kubectl('db-0', { namespace: 'prod', container: 'main' }),
      other: kubectl('db-1', { namespace: 'prod' }),
    }),
  ],
] as const;

test.each(CLIENTS.filter(([, installed]) => installed && here.nft.available))(
  'through %s exec, as the real client hands it on',
  async (_name, _installed, variable, open) => {
    await using lab = await openLaboratory();
    const { daemon, executor, other } = await open(lab);
    await using _daemon = daemon;
    vi.stubEnv(variable, daemon.address);
    expect(await runCommand(executor, { argv: ['printf', '[%s]', ...HOSTILE] }, signal)).toBe(
      HOSTILE.map((word) => `[${word}]`).join(''),
    );
    expect(daemon.commands.at(-1)).toEqual(['printf', '[%s]', ...HOSTILE]);
    await expect(runCommand(executor, { argv: ['sh', '-c', 'exit 3'] }, signal)).rejects.toMatchObject({
      code: 'TC_FAILED',
    });
    const active = await apply(cut, { executor });
    expect(lossOf(await lab.datagrams({ port: 9100, count: 10 }))).toBe(1);
    await active.heal();
    expect(lossOf(await lab.datagrams({ port: 9100, count: 10 }))).toBe(0);
    expect(await lab.leftovers()).toBe('');
    await expect(runCommand(other, { argv: ['true'] }, signal)).rejects.toMatchObject({
      message: expect.stringContaining(other.name) as string,
    });
    vi.unstubAllEnvs();
  },
);

test.skipIf(!isRoot)('in a namespace of ip netns, by name', async () => {
  const name = `chaos-test-${process.pid}`;
  await runCommand(local, { argv: ['ip', 'netns', 'add', name] }, signal);
  try {
    const executor = networkNamespace(name);
    const active = await apply(plan({ device: 'lo', faults: [{ rate: { rateBitsPerSecond: 1_000_000 } }] }, here), {
      executor,
    });
    expect(await runCommand(executor, { argv: ['tc', 'qdisc', 'show', 'dev', 'lo'] }, signal)).toContain('htb ca05:');
    await active.heal();
    expect(await runCommand(executor, { argv: ['tc', 'qdisc', 'show', 'dev', 'lo'] }, signal)).not.toContain('ca05');
  } finally {
    await runCommand(local, { argv: ['ip', 'netns', 'del', name] }, signal);
  }
});

test('a place that is not there is said so', async () => {
  await expect(apply(cut, { executor: networkNamespace('chaos-nowhere') })).rejects.toMatchObject({
    message: expect.stringMatching(/namespace chaos-nowhere/) as string,
  });
  await expect(
    apply(plan({ device: 'nowhere0', faults: [{ rate: { rateBitsPerSecond: 1_000_000 } }] }, here)),
  ).rejects.toMatchObject({ code: 'ENVIRONMENT', message: expect.stringContaining('nowhere0') as string });
  const absent: Executor = { name: 'container x', prefix: ['chaos-no-such-program', 'x'], throughShell: false };
  await expect(apply(cut, { executor: absent })).rejects.toMatchObject({
    code: 'CAPABILITY_MISSING',
    message: expect.stringContaining('chaos-no-such-program') as string,
  });
});
