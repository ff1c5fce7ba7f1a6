import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

// Another local user creates our paths before we do: none of it may be used, and nothing may hang.
const CLI = new URL('../packages/cli/dist/bin.cjs', import.meta.url).pathname;
const ATTACKER = 65_531;
const VICTIM = 65_530;
const asUser = (uid: number): [string, ...string[]] => [
  'setpriv',
  '--reuid',
  `${uid}`,
  '--regid',
  `${uid}`,
  '--clear-groups',
];
const canPlant = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0;

/** A folder like /tmp after a boot. */
function sticky(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-planted-'));
  chmodSync(folder, 0o1777);
  onTestFinished(() => remove(folder));
  return folder;
}

// An attacker who has been ended may still have one `mv` under way, which makes an entry after the list was read.
function remove(folder: string): void {
  for (let left = 20; ; left -= 1)
    try {
      return rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (left === 0) throw error;
    }
}

function plant(script: string, folder: string): void {
  const [program, ...words] = [...asUser(ATTACKER), 'bash', '-ec', script];
  execFileSync(program, words, { cwd: folder, env: { PATH: process.env['PATH'], T: folder } });
}

function chaos(uid: number, args: readonly string[], env: NodeJS.ProcessEnv): { code: number | null; output: string } {
  const [program, ...words] = [...asUser(uid), process.execPath, CLI, ...args];
  const run = spawnSync(program, words, {
    cwd: '/',
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
    timeout: 45_000,
  });
  return { code: run.status, output: run.stdout + run.stderr };
}

const owner = (runId: string): string =>
  JSON.stringify({
    pid: 999_999,
    startTime: 1,
    runId,
    argv: ['x'],
    dataDirectory: '/tmp/nope',
    pidNamespace: readlinkSync('/proc/self/ns/pid'),
  });
const journal = JSON.stringify({
  id: 'a-1',
  recipe: { kind: 'exec', argv: ['sh', '-c', 'id > "$T/pwned"'] },
  what: 'planted',
  timeMs: 1,
});
const run = (folder: string): string =>
  `mkdir -p ${folder}/runs/evil/journals; echo '${owner('evil')}' > ${folder}/runs/evil/owner.json; echo '${journal}' > ${folder}/runs/evil/journals/m.jsonl; chmod -R 777 ${folder};`;

describe.skipIf(!canPlant)('chaos heal', () => {
  test.each([
    ['a folder', run('chaos-0'), 'belongs to uid 65531'],
    ['a link to a folder', `${run('own')} ln -s own chaos-0`, 'symbolic link'],
    ['a link to a folder of root', 'ln -s /etc chaos-0', 'symbolic link'],
    ['a FIFO', 'mkfifo chaos-0', 'no folder'],
    ['a file', 'echo x > chaos-0', 'no folder'],
  ])('does not use %s of another user', (_, script, why) => {
    const T = sticky();
    plant(script, T);
    const { code, output } = chaos(0, ['heal'], { TMPDIR: T, T });
    expect(output).toContain(why);
    expect(output).toMatch(/hint: Remove .*chaos-0/);
    expect(code).toBe(3);
    expect(existsSync(join(T, 'pwned'))).toBe(false);
  });

  test.each([
    ['a folder that all can write to', (T: string) => chmodSync(join(T, 'chaos-0/runs'), 0o777)],
    ['a run of another user', (T: string) => chownSync(join(T, 'chaos-0/runs/evil'), ATTACKER, ATTACKER)],
    ['journals of another user', (T: string) => chownSync(join(T, 'chaos-0/runs/evil/journals'), ATTACKER, ATTACKER)],
    [
      'a journal of another user',
      (T: string) => chownSync(join(T, 'chaos-0/runs/evil/journals/m.jsonl'), ATTACKER, ATTACKER),
    ],
    [
      'a hard link in the place of a journal',
      (T: string) =>
        execFileSync('bash', ['-c', `ln -f ${T}/other ${T}/chaos-0/runs/evil/journals/m.jsonl`, T], { cwd: T }),
    ],
    [
      'a FIFO in the place of a journal',
      (T: string) =>
        execFileSync('bash', ['-c', 'rm chaos-0/runs/evil/journals/*; mkfifo chaos-0/runs/evil/journals/m.jsonl'], {
          cwd: T,
        }),
    ],
  ])('runs nothing out of %s, even in a folder of ours', (_, change) => {
    const T = sticky();
    execFileSync('bash', ['-ec', `${run('chaos-0')} chmod -R go= chaos-0; echo '${journal}' > other`], { cwd: T });
    change(T);
    const { code, output } = chaos(0, ['heal'], { TMPDIR: T, T });
    expect(code, output).not.toBe(null);
    expect(existsSync(join(T, 'pwned')), output).toBe(false);
  });

  test('runs no command out of a journal of its own user that is no undo', () => {
    const T = sticky();
    execFileSync('bash', ['-ec', `${run('chaos-0')} chmod -R go= chaos-0`], { cwd: T });
    const { code, output } = chaos(0, ['heal'], { TMPDIR: T, T });
    expect(output).toContain('only tc, nft, ip and rmdir may be run');
    expect(code).toBe(3);
    expect(existsSync(join(T, 'pwned'))).toBe(false);
  });

  test('uses nothing that is put there between a look and the use of it', () => {
    const T = sticky();
    // Swaps a good-looking folder for a planted one, as fast as it can.
    const swap = `${run('own')} while :; do mkdir chaos-0 2>/dev/null || :; mv -T own chaos-0 2>/dev/null || :; mv -T chaos-0 own 2>/dev/null || :; ln -sT own chaos-0 2>/dev/null || :; rm -f chaos-0 2>/dev/null || :; done`;
    const [program, ...words] = [...asUser(ATTACKER), 'bash', '-c', swap];
    const attack = spawn(program, words, { cwd: T, stdio: 'ignore', detached: true });
    try {
      for (let round = 0; round < 4; round += 1) {
        const { code, output } = chaos(0, ['heal'], { TMPDIR: T, T });
        expect([0, 3], output).toContain(code);
      }
    } finally {
      // With the programs that it has started.
      process.kill(-(attack.pid as number), 'SIGKILL');
    }
    expect(existsSync(join(T, 'pwned'))).toBe(false);
  });
});

describe.skipIf(!canPlant)('chaos net', () => {
  const state = JSON.stringify({
    executor: { name: 'here', prefix: ['sh', '-c', 'id > "$T/pwned"; false'], throughShell: false },
    device: 'lo',
    snapshot: { hasIngress: false },
    namespace: null,
  });
  const folder = `chaos-net-${VICTIM}`;
  test.each([
    ['a folder', `mkdir ${folder}; echo '${state}' > ${folder}/lo.json; chmod -R a+rwX ${folder}`],
    ['a link', `mkdir own; echo '${state}' > own/lo.json; chmod -R a+rwX own; ln -s own ${folder}`],
    ['a FIFO', `mkfifo -m 666 ${folder}`],
  ])('down and show do not use %s of another user', (_, script) => {
    const T = sticky();
    plant(script, T);
    for (const command of ['down', 'show']) {
      const { code, output } = chaos(VICTIM, ['net', command], { XDG_RUNTIME_DIR: T, T });
      expect(output).toMatch(/Cannot use .*chaos-net-65530/);
      expect(code).toBe(3);
    }
    expect(existsSync(join(T, 'pwned'))).toBe(false);
  });

  test('down runs nothing out of a state file, whoever wrote it', () => {
    const T = sticky();
    execFileSync(
      'bash',
      ['-ec', `mkdir -m 700 ${folder}; echo '${state}' > ${folder}/lo.json; chown -R ${VICTIM} ${folder}`],
      { cwd: T },
    );
    const { code } = chaos(VICTIM, ['net', 'down'], { XDG_RUNTIME_DIR: T, T });
    expect(code).not.toBe(null);
    expect(existsSync(join(T, 'pwned'))).toBe(false);
  });
});

describe.skipIf(!canPlant)('chaos run', () => {
  const TEST = `import 'evil';\nimport { test } from '@chaos/test';\ntest('a', () => {});\n`;

  /** A project of ours in a folder where anybody may put things. */
  function projectIn(T: string, source: string): string {
    const folder = join(T, 'project');
    mkdirSync(folder);
    symlinkSync(new URL('./node_modules', import.meta.url).pathname, join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'chaos.yaml'), 'runner: { require_purpose: false }');
    writeFileSync(join(folder, 'a.chaos.ts'), source);
    return folder;
  }

  function runIn(folder: string, T: string, args: readonly string[] = []): { code: number | null; output: string } {
    const done = spawnSync(process.execPath, [CLI, 'run', ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], TMPDIR: T, T },
      encoding: 'utf8',
      timeout: 45_000,
    });
    return { code: done.status, output: done.stdout + done.stderr };
  }

  test('loads no code that a tsconfig.json of another user above names', () => {
    const T = sticky();
    const paths = '{ "compilerOptions": { "paths": { "evil": ["./evil.js"] } } }';
    plant(
      `echo '${paths}' > tsconfig.json; echo 'require("fs").writeFileSync(process.env.T + "/pwned", "")' > evil.js`,
      T,
    );
    const folder = projectIn(T, TEST);
    const { code, output } = runIn(folder, T);
    expect(existsSync(join(T, 'pwned'))).toBe(false);
    expect(output).toContain(`Cannot use ${join(T, 'tsconfig.json')}: it belongs to another user (uid ${ATTACKER})`);
    expect(code).not.toBe(0);
    // Whoever names it trusts it.
    expect(runIn(folder, T, ['--tsconfig', join(T, 'tsconfig.json')]).code).toBe(0);
    expect(existsSync(join(T, 'pwned'))).toBe(true);
  });

  const PWN = 'require("fs").writeFileSync(process.env.T + "/pwned", "")';
  test.each([
    ['chaos.config.cjs', `echo '${PWN}; module.exports = {}' > chaos.config.cjs`, ['--config', 'chaos.config.cjs']],
    [
      'chaos.tuned.yaml',
      `echo '${PWN}' > up.cjs; echo 'runner: { global_setup: ./up.cjs }' > chaos.tuned.yaml`,
      undefined,
    ],
    [
      'chaos.quarantine.yaml',
      `echo 'tests: { "a.chaos.ts › a": { owner: x, reason: y, expires: 2099-01-31 } }' > chaos.quarantine.yaml`,
      undefined,
    ],
    ['b.chaos.cjs', `echo '${PWN}' > b.chaos.cjs`, ['b.chaos.cjs', '--pass-with-no-tests']],
  ])('uses no %s that another user put into the folder', (name, script, trusting) => {
    const T = sticky();
    const folder = projectIn(T, `import { test } from '@chaos/test';\ntest('a', () => { throw new Error('no'); });\n`);
    chmodSync(folder, 0o1777);
    plant(`cd project; ${script}`, T);
    const { code, output } = runIn(folder, T);
    expect(output).toContain(`${join(folder, name)}: it belongs to another user (uid ${ATTACKER})`);
    expect(code).toBe(2);
    expect(existsSync(join(T, 'pwned'))).toBe(false);
    if (trusting === undefined) return;
    runIn(folder, T, trusting);
    expect(existsSync(join(T, 'pwned'))).toBe(true);
  });

  test.each([
    ['a folder', 'mkdir -m 777 out'],
    ['a link', 'mkdir -m 777 mine; ln -s mine out'],
    ['a link to a folder of ours', 'ln -s project out'],
  ])('writes no report to %s of another user', (_, script) => {
    const T = sticky();
    plant(script, T);
    const folder = projectIn(T, TEST.split('\n').slice(1).join('\n'));
    const { code, output } = runIn(folder, T, ['--output', join(T, 'out')]);
    expect(output).toContain(`${join(T, 'out')} belongs to another user (uid ${ATTACKER})`);
    expect(output).toContain('--output DIR');
    expect(code).toBe(2);
    expect(runIn(folder, T, ['--output', join(T, 'own')]).code).toBe(0);
  });
});
