import { spawn } from 'node:child_process';
import type { Journal } from '@chaos/spec';
import { packageFile } from '../kernel/package-file.js';

/** The guard needs little memory; the limits keep node from reserving more. */
const FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=64', '--v8-pool-size=1'] as const;

/**
 * A journal for use without the runner: each recipe is given to a process in a session of its own, which replays it
 * when this process ends without having settled it, however it ends. Only recipes of kind `call`.
 */
export function guardJournal(): Journal {
  return {
    record(recipe, what) {
      if (recipe.kind !== 'call')
        throw new TypeError(
          `Cannot guard ${what}: only recipes of kind call can be, this one is of kind ${recipe.kind}`,
        );
      const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env;
      // The recipe travels in the guard's arguments, so nothing that happens to this process can lose it from here on.
      const guard = spawn(process.execPath, [...FLAGS, packageFile('lease/guard-process.js'), JSON.stringify(recipe)], {
        detached: true,
        cwd: '/',
        env,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      guard.unref();
      guard.stdin.on('error', () => {});
      (guard.stdin as { unref?: () => void }).unref?.();
      return { settle: () => void guard.stdin.end('settled\n') };
    },
  };
}
