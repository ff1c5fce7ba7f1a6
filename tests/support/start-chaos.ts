import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.ts';
import { Footprint } from './footprint.ts';
import type { Project } from './project.ts';
import type { JsonReport } from './json-report.ts';

/** The built command. */
export const BIN: string = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'dist', 'bin.cjs');

/** Options for starting the command. */
export interface StartOptions {
  /** Added to this process's environment, without its @chaos settings. */
  readonly env?: Readonly<Record<string, string>>;
  /** The whole command line instead of `node bin.cjs …args`. */
  readonly command?: readonly [string, ...string[]];
}

/** A running `chaos`, or the wrapper above it. */
export interface ChaosProcess {
  readonly pid: number;
  readonly footprint: Footprint;
  stdout(): string;
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Waits until a test has appended this line to the file `$MARKS`. */
  marked(line: string): Promise<void>;
  marks(): readonly string[];
  report(): JsonReport;
}

/**
 * Starts the command in a project, in its own process group. At the end of the test, everything left of it is killed.
 */
export function startChaos(
  project: Project,
  args: readonly string[],
  { env = {}, command = [process.execPath, BIN, ...args] }: StartOptions = {},
): ChaosProcess {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(CHAOS_|CI$|VITEST|NODE_|GITHUB_|npm_|FORCE_COLOR)/.test(name)),
  );
  const marksFile = project.file('marks');
  const [program, ...rest] = command;
  const child = spawn(program, rest, {
    cwd: project.path,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited, NO_COLOR: '1', TMPDIR: project.tmp, MARKS: marksFile, ...env } as NodeJS.ProcessEnv,
  });
  const footprint = new Footprint(project);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  );
  const pid = child.pid as number;
  onTestFinished(async () => {
    for (const { pid: left } of footprint.look()) {
      try {
        process.kill(left, 'SIGKILL');
      } catch {
        // The process ended between the look and the signal.
      }
    }
    await eventually(
      () => footprint.look().length === 0,
      () => `Cannot end ${footprint.left().join('\n')}`,
    );
  });
  const marks = (): readonly string[] =>
    existsSync(marksFile) ? readFileSync(marksFile, 'utf8').split('\n').filter(Boolean) : [];
  return {
    pid,
    footprint,
    stdout: () => stdout,
    stderr: () => stderr,
    kill: (signal) => void child.kill(signal),
    exited,
    marks,
    async marked(line) {
      const gone = (): never => {
        throw new Error(`It ended before "${line}"\n${stdout}${stderr}`);
      };
      await eventually(
        () => marks().includes(line) || ((child.exitCode !== null || child.signalCode !== null) && gone()),
        () => `No mark "${line}"\n${stdout}${stderr}`,
      );
    },
    report: () => JSON.parse(readFileSync(project.file('chaos-results/results.json'), 'utf8')) as JsonReport,
  };
}
