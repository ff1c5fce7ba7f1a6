import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileText } from './random-file.mjs';
import { root } from '../workspace.mjs';

const RUN_MS = 120_000;

/**
 * Runs test files by one side in a folder of their own.
 *
 * @param {{ name: string, from: string, links: Record<string, string>, argv: string[], config: string }} side
 * @param {{ files: import('./random-file.mjs').FilePlan[], retries: number, args: string[], config: object }} suite
 * @returns what the run came to: its exit code, its JSON report, what the files noted, and its output
 */
export function runSide(side, suite) {
  const folder = mkdtempSync(join(tmpdir(), `fuzz-${side.name}-`));
  try {
    for (const [name, target] of Object.entries(side.links)) {
      mkdirSync(join(folder, 'node_modules', name, '..'), { recursive: true });
      symlinkSync(target, join(folder, 'node_modules', name));
    }
    writeFileSync(join(folder, 'package.json'), '{}');
    suite.files.forEach((plan, index) => writeFileSync(join(folder, `f${index}.spec.ts`), fileText(plan, side.from)));
    const config = { timeout: 20_000, retries: suite.retries, workers: 1, testMatch: '*.spec.ts', ...suite.config };
    writeFileSync(join(folder, side.config), `export default ${JSON.stringify(config)};\n`);
    const { status, stdout, stderr } = spawnSync(side.argv[0], [...side.argv.slice(1), ...suite.args], {
      cwd: folder,
      encoding: 'utf8',
      timeout: RUN_MS,
      env: {
        ...process.env,
        FUZZ_LOG: join(folder, 'log'),
        PLAYWRIGHT_JSON_OUTPUT_NAME: 'out.json',
        CI: '',
        FORCE_COLOR: '0',
      },
    });
    const read = (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');
    const report = read('out.json');
    return {
      exit: status,
      report: report === '' ? undefined : JSON.parse(report),
      notes: read('log')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
      output: `${stdout}${stderr}`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Our command, as it is built in this repository. */
export function ours() {
  return {
    name: 'ours',
    from: '@chaos/test',
    links: { '@chaos/test': `${root}/packages/test` },
    argv: [process.execPath, `${root}/packages/cli/dist/bin.cjs`, 'run', '--reporter', 'json'],
    config: 'chaos.config.ts',
  };
}

/** Playwright Test, installed in `modules`. */
export function stock(modules) {
  return {
    name: 'stock',
    from: '@playwright/test',
    links: Object.fromEntries(
      ['@playwright/test', 'playwright', 'playwright-core'].map((name) => [name, `${modules}/${name}`]),
    ),
    argv: [process.execPath, `${modules}/@playwright/test/cli.js`, 'test', '--reporter', 'json'],
    config: 'playwright.config.ts',
  };
}
