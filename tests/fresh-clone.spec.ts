import { execFileSync, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

// A clone in which nothing is built: the command says so, and packing a package builds it first.
const ROOT = join(import.meta.dirname, '..');
const PNPM = ['npx', '-y', 'pnpm@10'] as const;
let clone: string;
let installed: SpawnSyncReturns<string>;

beforeAll(() => {
  clone = mkdtempSync('/tmp/black-box-clone-');
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  for (const file of new Set(listed.split('\0').filter(Boolean))) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    cpSync(join(ROOT, file), join(clone, file));
  }
  installed = run('.', [...PNPM, 'install', '--frozen-lockfile', '--prefer-offline']);
}, 240_000);

afterAll(() => rmSync(clone, { recursive: true, force: true }));

// Without the environment of the pnpm that runs this test, which names a package manager and a package.
function run(folder: string, [command, ...args]: readonly string[]): SpawnSyncReturns<string> {
  const env = Object.entries(process.env).filter(([name]) => !/^(npm_|TURBO_|CHAOS_)/.test(name));
  return spawnSync(command as string, args, {
    cwd: join(clone, folder),
    encoding: 'utf8',
    env: { ...Object.fromEntries(env), TURBO_TELEMETRY_DISABLED: '1' },
  });
}

/** Result of packing: the files, and the manifest for the registry. */
function pack(folder: string, command: readonly string[]): { files: string[]; manifest: Record<string, unknown> } {
  const { status, stdout, stderr } = run(folder, command);
  expect(status, stdout + stderr).toBe(0);
  const tarball = readdirSync(join(clone, folder)).find((file) => file.endsWith('.tgz')) as string;
  const path = join(clone, folder, tarball);
  const files = execFileSync('tar', ['-tzf', path], { encoding: 'utf8' }).trim().split('\n');
  const manifest = execFileSync('tar', ['-xzOf', path, 'package/package.json'], { encoding: 'utf8' });
  rmSync(path);
  return { files, manifest: JSON.parse(manifest) as Record<string, unknown> };
}

test('the command is there, and says in one line how to build it', () => {
  expect(installed.status, installed.stdout + installed.stderr).toBe(0);
  expect(installed.stdout + installed.stderr).not.toMatch(/failed to create bin/i);
  for (const folder of ['.', 'examples/plain-http']) {
    const { status, stdout, stderr } = run(folder, [join(clone, folder, 'node_modules/.bin/chaos'), 'run']);
    expect([status, stdout, stderr]).toEqual([
      3,
      '',
      `Cannot run chaos: it is not built (no ${clone}/packages/cli/dist/bin.cjs); run \`npx -y pnpm@10 build\` in ${clone}\n`,
    ]);
  }
});

test.each([
  ['pnpm', [...PNPM, 'pack']],
  ['npm', ['npm', 'pack']],
])('%s pack builds what it packs, and names versions', { timeout: 300_000 }, (_, command) => {
  const folder = 'packages/assert';
  for (const name of ['assert', 'spec', 'stats']) {
    rmSync(join(clone, 'packages', name, 'dist'), { recursive: true, force: true });
    rmSync(join(clone, 'packages', name, '.tsc'), { recursive: true, force: true });
  }
  const source = readFileSync(join(clone, folder, 'package.json'), 'utf8');
  const { files, manifest } = pack(folder, command);
  expect(files).toEqual(
    expect.arrayContaining(
      [
        'LICENSE',
        'CHANGELOG.md',
        'README.md',
        'dist/index.js',
        'dist/index.cjs',
        'dist/index.d.ts',
        'dist/index.d.cts',
      ].map((file) => `package/${file}`),
    ),
  );
  expect(files.filter((file) => /\.tsc|\.turbo|src\/|\.test\./.test(file))).toEqual([]);
  const range = `^${String(manifest['version'])}`;
  expect(manifest['dependencies']).toMatchObject({ '@chaos/spec': range, '@chaos/stats': range });
  expect(readFileSync(join(clone, folder, 'package.json'), 'utf8')).toBe(source);
});
