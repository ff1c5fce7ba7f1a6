import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const WANTED = { '@playwright/test': '1', vitest: '4' };

/** The other runners, installed once into a folder for temporary files: no package of ours depends on them. */
export function installPeers() {
  const folder = process.env.CHAOS_BENCH_PEERS ?? join(tmpdir(), 'chaos-bench-peers');
  const modules = join(folder, 'node_modules');
  if (!Object.keys(WANTED).every((name) => existsSync(join(modules, name)))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: WANTED }));
    execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
    });
  }
  const version = (name) => JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')).version;
  return { modules, versions: { playwright: version('@playwright/test'), vitest: version('vitest') } };
}
