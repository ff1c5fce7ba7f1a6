import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { BIN } from './support/start-chaos.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

const isRoot = process.getuid?.() === 0;
/** /etc/passwd knows nobody of this number. */
const NAMELESS = 31_337;
const AS_NAMELESS = ['setpriv', `--reuid=${NAMELESS}`, `--regid=${NAMELESS}`, '--clear-groups'] as const;
const canBeNameless =
  isRoot && spawnSync('setpriv', [...AS_NAMELESS.slice(1), process.execPath, BIN, '--version']).status === 0;
const canUnshare = isRoot && spawnSync('unshare', ['-n', 'true']).status === 0;
const canRename =
  canBeNameless &&
  spawnSync('setpriv', [...AS_NAMELESS.slice(1), 'unshare', '--user', '--map-user=65534', 'true']).status === 0;

const ONE_WORKER = 'runner: { workers: 1, retries: 0 }\n';

const POSTGRES = `
  import { test, expect } from '@chaos/test';
  test('over a query, a session and a pool', async ({ postgres }) => {
    const sql = "select current_setting('TimeZone') as zone, current_setting('work_mem') as memory, current_database() as name";
    const client = await postgres.connect();
    const pool = await postgres.pool();
    const all = [await postgres.query(sql), (await client.query(sql)).rows, (await pool.query(sql)).rows];
    expect(all).toEqual(Array(3).fill([{ zone: 'UTC', memory: '4MB', name: 'app' }]));
  });
`;

test('the PG* variables of the shell reach neither our PostgreSQL nor who talks to it', async () => {
  const project = createProject({ 'chaos.yaml': ONE_WORKER, 'a.chaos.ts': POSTGRES });
  const env = {
    PGSSLMODE: 'require',
    PGSSLNEGOTIATION: 'direct',
    PGOPTIONS: '-c work_mem=64kB -c default_transaction_read_only=on',
    PGREPLICATION: 'database',
    PGTZ: 'Asia/Tokyo',
    PGCLIENT_ENCODING: 'LATIN1',
    PGBINARY: '1',
    PGHOST: 'cloud.invalid',
    PGPORT: '1',
    PGUSER: 'somebody',
    PGPASSWORD: 'of somebody',
    PGDATABASE: 'elsewhere',
    PGDATA: '/nowhere',
    PGSERVICE: 'nowhere',
    PGSERVICEFILE: '/nowhere',
    PGPASSFILE: '/nowhere',
    PGSYSCONFDIR: '/nowhere',
    PGCONNECT_TIMEOUT: '1',
    PGAPPNAME: 'somebody',
  };
  const { code, output } = await runChaos(project, ['run'], { env });
  expect(code, output).toBe(0);
});

test.runIf(canRename)('a uid that /etc/passwd does not know, and without HOME, has its PostgreSQL', async () => {
  const project = createProject({ 'chaos.yaml': ONE_WORKER, 'a.chaos.ts': POSTGRES });
  spawnSync('chown', ['-R', String(NAMELESS), project.path]);
  const { code, output } = await runChaos(project, ['run'], {
    command: [...AS_NAMELESS, 'env', '-u', 'XDG_CACHE_HOME', '-u', 'HOME', process.execPath, BIN, 'run'],
  });
  expect(code, output).toBe(0);
  expect(readdirSync(project.file(`tmp/chaos-cache-${NAMELESS}`)).length).toBe(2);
});

test.runIf(canBeNameless)('where such a uid cannot be given a name, the error says what to do', async () => {
  const refusal = '#!/bin/sh\necho "unshare failed: Operation not permitted" >&2\nexit 1\n';
  const project = createProject({ 'chaos.yaml': ONE_WORKER, 'a.chaos.ts': POSTGRES, 'programs/unshare': refusal });
  chmodSync(project.file('programs/unshare'), 0o755);
  spawnSync('chown', ['-R', String(NAMELESS), project.path]);
  const path = `PATH=${project.file('programs')}:${process.env['PATH']}`;
  const { code, output } = await runChaos(project, ['run'], {
    command: [...AS_NAMELESS, 'env', '-u', 'HOME', path, process.execPath, BIN, 'run'],
  });
  expect(code, output).toBe(3);
  expect(output).toMatch(/Cannot create the PostgreSQL template: .*initdb/);
  expect(output).toContain('Give your uid a name (a line in /etc/passwd), allow user namespaces, or set services');
});

test('with umask 077 the folders that servers run in are open to the user that they run as', async () => {
  const project = createProject({ 'chaos.yaml': ONE_WORKER, 'a.chaos.ts': POSTGRES });
  const { code, output } = await runChaos(project, ['run'], {
    // A cache of its own is filled under this umask, too.
    env: { CHAOS_CACHE_DIR: project.file('new/cache') },
    command: ['sh', '-c', 'umask 077; exec "$@"', 'sh', process.execPath, BIN, 'run'],
  });
  expect(code, output).toBe(0);
});

const JWKS = `
  import { test, expect } from '@chaos/test';
  test('one', async ({ jwks }) => { expect((await fetch(jwks.url)).status).toBe(200); });
`;

test.runIf(canUnshare)('without a loopback it is the environment that failed, with what to do', async () => {
  const project = createProject({ 'chaos.yaml': `${ONE_WORKER}network: { sandbox: off }\n`, 'a.chaos.ts': JWKS });
  const without = ['unshare', '-n', process.execPath, BIN] as const;
  const run = await runChaos(project, ['run'], { command: [...without, 'run'] });
  expect(run.code, run.output).toBe(3);
  expect(run.output).toContain('ip link set lo up');
  const servers = await runChaos(project, ['doctor'], { command: [...without, 'doctor', '--json'] });
  expect(servers.code, servers.output).toBe(3);
  const { checks } = JSON.parse(servers.stdout()) as { checks: { name: string; status: string; fix?: string }[] };
  expect(checks.find(({ name }) => name === 'loopback')).toMatchObject({
    status: 'fail',
    fix: expect.stringContaining('ip link set lo up') as unknown,
  });
});

test('where a process may open too few files it is the environment that failed, before anything starts', async () => {
  const project = createProject({ 'chaos.yaml': ONE_WORKER, 'a.chaos.ts': JWKS });
  for (const files of [20, 40, 100]) {
    const { code, output } = await runChaos(project, ['run'], {
      command: ['sh', '-c', `ulimit -n ${files}; exec "$@"`, 'sh', process.execPath, BIN, 'run'],
    });
    expect(code, output).toBe(3);
    expect(output).toMatch(/a process may open \d+ files here|EMFILE/);
    expect(output).toMatch(/^hint: .*ulimit -/m);
  }
});

const canLimit =
  process.getuid?.() === 0 && ['setpriv', 'prlimit'].every((name) => spawnSync(name, ['--version']).status === 0);

// Nobody else's, so that nothing but the run counts. The superuser has no such limit.
const LIMITED_UID = 61_236;

// Below 24 the run is refused. Above, it depends on the moment which process gets no thread: node cannot be started,
// aborts, or hangs as it starts, and so may the one that a fault needs.
test.runIf(canLimit).each([12, 18, 24, 28, 34, 40, 60])(
  'where a user may have %d processes and threads it is the environment that failed, in seconds',
  async (most) => {
    const burns = `import { cpuBurn } from '@chaos/resources';
      ${JWKS}
      test('two', async ({ inject }) => { await inject(cpuBurn({ cpus: 8 })); });`;
    const project = createProject({ 'chaos.yaml': ONE_WORKER, 'a.chaos.ts': burns });
    for (const folder of [project.path, project.tmp]) chmodSync(folder, 0o1777);
    const limited = ['setpriv', `--reuid=${LIMITED_UID}`, `--regid=${LIMITED_UID}`, '--clear-groups'] as const;
    const startMs = performance.now();
    const run = await runChaos(project, ['run'], {
      command: [...limited, 'prlimit', `--nproc=${most}`, process.execPath, BIN, 'run'],
      env: { HOME: project.tmp },
    });
    expect(run.code, run.output).toBe(3);
    expect(run.output).toMatch(/hint: .*ulimit -u/i);
    expect(performance.now() - startMs).toBeLessThan(45_000);
    await untilNothingIsLeft(run.footprint);
  },
);

const PASSES = `
  import { test } from '@chaos/test';
  test('one', async () => { console.log('the test runs'); });
`;

test.runIf(process.platform === 'linux')(
  'a folder for reports that cannot be made is told before the run',
  async () => {
    const project = createProject({ 'chaos.yaml': ONE_WORKER, 'a.chaos.ts': PASSES });
    const run = await runChaos(project, ['run', '--output', '/proc/nowhere/results']);
    expect(run.code, run.output).toBe(1);
    expect(run.stderr()).toMatch(/^warning: Reports will be lost: nothing can be made in \/proc \(ENOENT\); choose/);
    expect(run.stdout()).toContain('1 passed');
    expect(run.stderr()).toContain('Cannot write the JSON report to /proc/nowhere/results/results.json');
  },
);

const REPORTERS = `runner:
  workers: 1
  retries: 0
  reporters:
    - [list, {}]
    - [junit, { outputFile: /proc/one/report.xml }]
    - [blob, { outputDir: /proc/two }]
    - [./mine.mjs, { outputFolder: /proc/three }]
`;
const MINE = 'export default class { onBegin() {} }';

test.runIf(process.platform === 'linux')(
  'so is that of any reporter, before the first test; doctor looks, too',
  async () => {
    const project = createProject({ 'chaos.yaml': REPORTERS, 'mine.mjs': MINE, 'a.chaos.ts': PASSES });
    // Both streams in one, for their order.
    const command = ['sh', '-c', 'exec "$@" 2>&1', 'sh', process.execPath, BIN, 'run'] as const;
    const { code, output } = await runChaos(project, ['run'], { command });
    expect(code, output).toBe(1);
    const [before = ''] = output.split('the test runs');
    for (const name of ['junit', 'blob', project.file('mine.mjs')])
      expect(before).toContain(`warning: The report of ${name} will be lost: nothing can be made in /proc (ENOENT)`);
    const env = { CHAOS_CACHE_DIR: '/proc/nowhere' };
    const doctor = await runChaos(project, ['doctor', '--json'], { env });
    const { checks } = JSON.parse(doctor.stdout()) as { checks: { name: string; status: string; fix?: string }[] };
    const failed = checks.filter(({ name, status }) => name.startsWith('folder for') && status === 'fail');
    expect(failed.map(({ name }) => name)).toEqual([
      'folder for programs and templates',
      'folder for the report of junit',
      'folder for the report of blob',
      `folder for the report of ${project.file('mine.mjs')}`,
    ]);
    expect(failed[0]?.fix).toContain('CHAOS_CACHE_DIR');
  },
);

test('output that cannot be written is an error of every command; a reader that has left is none', async () => {
  const project = createProject({ 'chaos.yaml': ONE_WORKER, 'a.chaos.ts': PASSES });
  const shell = (script: string): ReturnType<typeof runChaos> =>
    runChaos(project, [], { command: ['sh', '-c', script, 'sh', process.execPath, BIN] });
  const commands = [
    'config',
    'config --json',
    'env',
    'env --json',
    'heal --json',
    'list',
    'list --json',
    'run',
    '--help',
  ];
  for (const command of [...commands, 'clear-cache --json']) {
    const full = await shell(`"$@" ${command} > /dev/full`);
    expect(full.code, `${command}: ${full.output}`).not.toBe(0);
    expect(full.stderr(), command).toMatch(/ENOSPC|no space/);
  }
  const left = await shell('"$@" list | true; "$@" config | head -1 > /dev/null');
  expect(left.stderr()).toBe('');
});

test('a configuration that would not be seen is told', async () => {
  const project = createProject({ 'a.chaos.ts': PASSES });
  const config = async (): Promise<{ code: number | null; stderr: string }> => {
    const run = await runChaos(project, ['config']);
    return { code: run.code, stderr: run.stderr() };
  };
  symlinkSync('nowhere.yaml', project.file('chaos.yaml'));
  expect(await config()).toMatchObject({ code: 2, stderr: expect.stringContaining('link to nowhere.yaml') as unknown });
  rmSync(project.file('chaos.yaml'));
  mkdirSync(project.file('chaos.yaml'));
  expect(await config()).toMatchObject({ code: 2, stderr: expect.stringContaining('it is a folder') as unknown });
  rmdirSync(project.file('chaos.yaml'));
  writeFileSync(project.file('chaos.yml'), 'runner: { workers: 7 }\n');
  expect((await config()).stderr).toContain('chaos.yml');
  rmSync(project.file('chaos.yml'));
  const run = await runChaos(project, ['config'], { env: { CHAOS_WORKRES: '2' } });
  expect(run.stderr()).toMatch(/CHAOS_WORKRES.*Did you mean CHAOS_WORKERS/);
});

test('a pipe in the place of a file that is read or written is told, and nobody waits for its other end', async () => {
  const project = createProject({ 'a.chaos.ts': `import { test } from '@chaos/test'; test('a', () => {});` });
  const pipe = (name: string): unknown => spawnSync('mkfifo', [project.file(name)]);
  mkdirSync(project.file('chaos-results'));
  pipe('chaos-results/results.json');
  pipe('chaos-results/.last-run.json');
  const again = await runChaos(project, ['run', '--last-failed']);
  expect([again.code, again.output]).toEqual([2, expect.stringContaining('holds no run')]);
  const run = await runChaos(project, ['run']);
  expect([run.code, run.output]).toEqual([1, expect.stringContaining('it is a pipe that nobody reads')]);
  await untilNothingIsLeft(run.footprint);
  pipe('chaos.yaml');
  for (const command of ['run', 'config']) {
    const { code, output } = await runChaos(project, [command]);
    expect([code, output]).toEqual([
      2,
      expect.stringContaining('chaos.yaml: Cannot read the configuration file: it is a pipe'),
    ]);
  }
});

test('a pipe that somebody reads gets the report', async () => {
  const project = createProject({
    'a.chaos.ts': `import { test } from '@chaos/test'; test('a', () => {});`,
    'chaos.yaml': 'runner: { reporters: [list, [json, { outputFile: pipe }]] }',
  });
  const { status, stdout, stderr } = spawnSync(
    'bash',
    [
      '-c',
      `mkfifo pipe; cat pipe > read & "${process.execPath}" "${BIN}" run; code=$?; wait; grep -c '"expected": 1' read; exit $code`,
    ],
    { cwd: project.path, encoding: 'utf8', timeout: 60_000 },
  );
  expect([status, stdout], stderr).toEqual([0, expect.stringMatching(/1\n$/)]);
});

test('a folder that is gone is told', async () => {
  const project = createProject({});
  for (const command of ['run', 'check x', 'env'])
    expect(
      spawnSync('bash', ['-c', `mkdir x; cd x; rmdir ../x; "${process.execPath}" "${BIN}" ${command}`], {
        cwd: project.path,
        encoding: 'utf8',
      }),
    ).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/^error: Cannot run: the current folder does not exist any more\n/) as string,
    });
});

test('a pattern that is none is a mistake of the command line or the configuration', async () => {
  const project = createProject({ 'a.chaos.ts': `import { test } from '@chaos/test'; test('a', () => {});` });
  const filtered = await runChaos(project, ['run', '/(/']);
  expect([filtered.code, filtered.output]).toEqual([2, expect.stringContaining('error: Cannot use the filter "/(/"')]);
  for (const setting of ['test_match: /(/', 'grep: /(/', 'grep: [/x/zz]', 'projects: x']) {
    writeFileSync(project.file('chaos.yaml'), `runner: { ${setting} }`);
    const run = await runChaos(project, ['run']);
    expect([run.code, run.output]).toEqual([
      2,
      expect.stringMatching(/Cannot use (the pattern|runner\.grep|the configuration)/),
    ]);
  }
});

test.runIf(canBeNameless)('a user who may start too few threads is told before node aborts for want of one', () => {
  const project = createProject({ 'a.chaos.ts': `import { test } from '@chaos/test'; test('a', () => {});` });
  // Below nine, node itself does not come up.
  expect(
    spawnSync(
      'setpriv',
      [...AS_NAMELESS.slice(1), 'bash', '-c', `ulimit -u 10; "${process.execPath}" "${BIN}" run; exit $?`],
      {
        cwd: project.path,
        encoding: 'utf8',
        timeout: 30_000,
      },
    ),
  ).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(/^error: Cannot run: this user may have 10 processes and threads here/) as string,
  });
});
