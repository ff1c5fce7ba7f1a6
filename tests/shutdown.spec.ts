import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { BIN, startChaos } from './support/start-chaos.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// Whatever hangs, a run says who does not answer, and comes to its end.

const UID = 61_234;
const canLimit =
  process.getuid?.() === 0 && ['setpriv', 'prlimit'].every((name) => spawnSync(name, ['--version']).status === 0);

// Root is not limited. The process limits itself, so only what comes later can fail.
const SET_UP = `
  import { execFileSync } from 'node:child_process';
  export default () => {
    execFileSync('prlimit', ['--pid=' + process.pid, '--nproc=1']);
    if (process.env.NEW_WORKER) process.env.CHANGED = 'so the worker that is up is not used';
  };
`;

test.runIf(canLimit).each(['slot', 'worker'])(
  'a %s that the system gives no process is named, with exit 3',
  async (who) => {
    const project = createProject({
      'chaos.yaml': 'runner: { global_setup: ./set-up.ts }',
      'set-up.ts': SET_UP,
      'a.chaos.ts': `import { test } from '@chaos/test'; test('needs a slot', async ({ jwks }) => {});`,
    });
    chmodSync(project.path, 0o1777);
    chmodSync(project.tmp, 0o1777);
    const run = startChaos(project, [], {
      command: ['setpriv', `--reuid=${UID}`, `--regid=${UID}`, '--clear-groups', process.execPath, BIN, 'run'],
      env: { HOME: project.tmp, ...(who === 'worker' && { NEW_WORKER: '1' }) },
    });
    const { code } = await run.exited;
    const said = run.stdout() + run.stderr();
    expect(said).toMatch(new RegExp(`Cannot start a ${who} process: .*EAGAIN`));
    expect(said).toContain('ulimit -u');
    expect(code, said).toBe(3);
    await untilNothingIsLeft(run.footprint);
  },
);
