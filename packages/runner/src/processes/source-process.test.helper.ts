import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { killTree } from '@chaos/env/process';

const SRC = join(dirname(fileURLToPath(import.meta.url)), '..');

/** A temporary folder for one test. */
export function temporaryFolder(): string {
  const path = mkdtempSync('/tmp/runner-test-');
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Bundles TypeScript that imports `./ledger/…js` and so on, so that plain node can run it. */
export async function bundleSource(contents: string): Promise<string> {
  // Inside the package, so that it can import itself by name; in node_modules it could not.
  mkdirSync(join(SRC, '../.turbo'), { recursive: true });
  const folder = mkdtempSync(join(SRC, '../.turbo/source-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'main.mjs');
  await build({
    stdin: { contents, resolveDir: SRC, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
  });
  return outfile;
}

/** A real process, killed at the end of the test, with its output line by line. */
export interface SourceProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  /** The next line of standard output. */
  line(): Promise<string>;
  readonly exit: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Starts `argv`. */
export function startProcess(
  [command, ...args]: readonly [string, ...string[]],
  options: SpawnOptions = {},
): SourceProcess {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.on('exit', (code, signal) => resolve({ code, signal })),
  );
  onTestFinished(async () => {
    await killTree(({ pid }) => pid === child.pid);
  });
  return {
    child,
    pid: child.pid!,
    exit,
    line: async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error('the process has closed its output');
      return value;
    },
  };
}

/** Starts TypeScript source as a process. */
export async function startSource(
  contents: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<SourceProcess> {
  return startProcess([process.execPath, await bundleSource(contents), ...args], options);
}
