import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.ts';
import type { Project } from './project.ts';
import { BIN } from './start-chaos.ts';

/** The command in its own terminal (script(1)). */
export interface TerminalSession {
  /** Everything drawn so far, including control codes. */
  screen(): string;
  type(keys: string): void;
  /** Waits for this text to be drawn. */
  drawn(pattern: RegExp): Promise<void>;
  readonly exited: Promise<number | null>;
}

/** Starts `chaos` in a terminal; `after` is a shell command that runs there when it has ended. */
export function openTerminal(project: Project, args: readonly string[], after = 'true'): TerminalSession {
  const quoted = [process.execPath, BIN, ...args].map((word) => `'${word}'`).join(' ');
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(CHAOS_|CI$|VITEST|NODE_|GITHUB_|npm_|FORCE_COLOR|NO_COLOR)/.test(name),
    ),
  );
  const child = spawn('script', ['-qec', `stty cols 150; ${quoted}; code=$?; ${after}; exit $code`, '/dev/null'], {
    cwd: project.path,
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...inherited,
      TERM: 'xterm',
      SHELL: '/bin/sh',
      TMPDIR: project.tmp,
      MARKS: project.file('marks'),
    } as NodeJS.ProcessEnv,
  });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
  onTestFinished(() => {
    if (child.exitCode === null) child.kill('SIGHUP');
  });
  return {
    screen: () => screen,
    type: (keys) => void child.stdin.write(keys),
    drawn: async (pattern) =>
      void (await eventually(
        () => pattern.test(screen),
        () => `Nothing like ${pattern} was drawn:\n${screen}`,
      )),
    exited,
  };
}
