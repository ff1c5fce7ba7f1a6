import { execFile } from 'node:child_process';

const TIMEOUT_MS = 3000;
const MOST_BYTES = 16 * 2 ** 20;

/** Returns the output of git, or rejects with the reason. Git must not prompt for a password. */
export function runGit(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      'git',
      ['-c', 'credential.interactive=false', ...args],
      { cwd, env: { ...env, GIT_TERMINAL_PROMPT: '0' }, timeout: TIMEOUT_MS, maxBuffer: MOST_BYTES },
      (error, stdout, stderr) => {
        // A diff too large to read is cut; its beginning is enough.
        if (error === null || error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') resolve(stdout);
        else
          reject(
            new Error(
              error.killed === true ? `git ${args[0]} took more than ${TIMEOUT_MS} ms` : stderr.trim() || error.message,
              { cause: error },
            ),
          );
      },
    );
  });
}
