import { existsSync, readdirSync } from 'node:fs';
import { sendSignal } from '@chaos/env/process';
import { expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { startChaos } from './support/start-chaos.ts';

// The first run of a machine fills the cache. Killed in the middle of it, it leaves halves of folders and locks.
test.each(['postgres', 'redis'])(
  'what a killed first run has left of %s goes with the next run, which works',
  async (service) => {
    const project = createProject({
      'chaos.yaml': 'runner: { workers: 1, retries: 0 }\n',
      'a.chaos.ts': `import { test, expect } from '@chaos/test';\ntest('one', ({ ${service} }) => { expect(${service}.url).toContain('127.0.0.1'); });\n`,
    });
    const cache = project.file('cache');
    const env = { CHAOS_CACHE_DIR: cache };
    const left = (): readonly string[] =>
      (existsSync(cache) ? readdirSync(cache) : []).filter((name) => /\.(?:tmp|lock)$/.test(name));
    const first = startChaos(project, ['run'], { env });
    await eventually(
      () => left().some((name) => name.endsWith('.tmp')) || first.marks().length > 0,
      () => `Nothing was built: ${first.stdout()}${first.stderr()}`,
    );
    // All of it at once, as a machine does that runs out of memory or is switched off.
    for (const seen of first.footprint.look()) sendSignal(seen, 'SIGKILL');
    await first.exited;
    expect(left()).not.toEqual([]);
    const next = await runChaos(project, ['run'], { env });
    expect(next.code, next.output).toBe(0);
    expect(left()).toEqual([]);
  },
  240_000,
);
