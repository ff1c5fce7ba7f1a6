import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createNamespace, probeCapabilities, commandThrough, local, type Executor } from '@chaos/net-tc';

const BIN = join(dirname(fileURLToPath(import.meta.url)), '../dist/bin.cjs');
const { nft, netem } = await probeCapabilities();

/** Runs `chaos net …` in the place of the executor. */
function net(
  args: readonly string[],
  executor: Executor = local,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const [program, ...words] = commandThrough(executor, [process.execPath, BIN, 'net', ...args]);
  return new Promise((resolve) => {
    execFile(program, words, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}

test('a dry run prints what would be done, with its undo, on any machine', async () => {
  const { code, stdout } = await net([
    'run',
    '--delay',
    '100ms',
    '--jitter',
    '10ms',
    '--loss',
    '1%',
    '--port',
    '5432',
    '--host',
    '10.0.0.0/8',
    '--protocol',
    'tcp',
    '--dry-run',
    '--',
    'true',
  ]);
  expect(code).toBe(0);
  expect(stdout).toContain('netem limit 17500 delay 100000us 10000us loss random 1% rate 100gbit');
  expect(stdout).toContain('tcp dport 5432 ip daddr 10.0.0.0/8 goto s1_hit');
  expect(stdout).toContain('tcp sport 5432 ip saddr 10.0.0.0/8 goto s1_hit');
  expect(stdout).toMatch(/# undo\nnft delete table inet chaos_lo_/);
  expect((await net(['up', '--device', 'eth0', '--profile', '3g', '--dry-run'])).stdout).toContain(
    'htb rate 768000bit',
  );
});

test.each([
  [['run', '--', 'true'], 'no fault is given'],
  [['run', '--delay', 'soon', '--', 'true'], 'Cannot read --delay "soon"'],
  [['run', '--loss', '200%', '--', 'true'], 'Cannot read --loss "200%"'],
  [['run', '--rate', '100', '--', 'true'], 'Cannot read --rate "100"'],
  [['run', '--profile', '6g', '--', 'true'], 'Unknown network profile "6g"'],
  [['run', '--partition', 'wall', '--', 'true'], 'current value is "wall"'],
  [['run', '--loss', '1%', '--host', 'db.example', '--', 'true'], '"db.example" is neither an IP address'],
  [['run', '--loss', '1%', '--port', '99999', '--', 'true'], 'current value is 99999'],
  [['up', '--loss', '1%'], '--device'],
] as const)('misuse is exit 2, and says what is wrong: %j', async (args, message) => {
  const { code, stderr } = await net(args);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test.skipIf(!nft.available)('a command runs in a broken network, and its exit code comes out', async () => {
  const script =
    "const s=require('net').createServer().listen(5432,'127.0.0.1',()=>require('net').connect(5432,'127.0.0.1').on('error',e=>{console.log(e.code);process.exit(7)}))";
  expect(
    await net(['run', '--partition', 'reset', '--port', '5432', '--', process.execPath, '-e', script]),
  ).toMatchObject({ code: 7, stdout: 'ECONNREFUSED\n' });
  expect((await net(['run', '--partition', 'drop', '--', 'sh', '-c', 'kill -TERM $$'])).code).toBe(143);
});

test.skipIf(netem.available || !nft.available)('what this kernel lacks is said, with the way to get it', async () => {
  const { code, stderr } = await net(['run', '--delay', '100ms', '--', 'true']);
  expect(code).toBe(3);
  expect(stderr).toMatch(
    /Cannot use netem: delay needs it[\s\S]*hint: Load the kernel module \(modprobe sch_netem;[\s\S]*proxy backend/,
  );
});

test.skipIf(!nft.available || process.geteuid?.() !== 0)(
  'up stays, show tells it, down makes the device whole',
  async () => {
    await using namespace = await createNamespace();
    const { executor } = namespace;
    expect(await net(['up', '--device', 'lo', '--rate', '1mbit', '--port', '5432'], executor)).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect((await net(['show', '--device', 'lo'], executor)).stdout).toMatch(
      /^lo: faults in force\n {2}class ca05:1 +rate 1000000 bit\/s/,
    );
    expect(await net(['up', '--device', 'lo', '--loss', '1%'], executor)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('faults of another session') as string,
    });
    expect((await net(['down', '--device', 'lo'], executor)).code).toBe(0);
    expect((await net(['show', '--device', 'lo'], executor)).stdout).toBe('lo: no faults\n');
  },
);
