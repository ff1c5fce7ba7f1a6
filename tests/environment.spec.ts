import { expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// The first worker starts before the configuration is read; this must not be noticeable.
test('variables that the configuration and the global set-up have set reach test files', async () => {
  const project = createProject({
    'chaos.config.ts': `
      process.env.FROM_CONFIG ??= 'config of ' + process.pid;
      export default { globalSetup: './setup.ts', workers: 1 };
    `,
    'setup.ts': `export default () => { process.env.FROM_SETUP = process.env.FROM_CONFIG; };`,
    'a.chaos.ts': `
      import { test, expect } from '@chaos/test';
      const seen = { config: process.env.FROM_CONFIG, setup: process.env.FROM_SETUP };
      test('sees them while it is loaded, as those who set them', () => {
        expect(seen.config).toBe('config of ' + process.ppid);
        expect(seen.setup).toBe(seen.config);
      });
    `,
  });
  const { code, output, footprint } = await runChaos(project, ['run']);
  expect(code, output).toBe(0);
  await untilNothingIsLeft(footprint);
});
