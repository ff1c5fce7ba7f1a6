import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { locateLoop } from '../hang/locate-loop.js';
import { startChild } from './child.js';
import { temporaryFolder } from './source-process.test.helper.js';

test('the inspector of a process that loops tells its address to us alone, and nothing of it is printed', async () => {
  const signal = AbortSignal.timeout(30_000);
  const file = join(temporaryFolder(), 'loops.cjs');
  writeFileSync(file, "process.stdout.write('up');\nprocess.stderr.write('said\\nhalf a line, ');\nfor (;;);\n");
  vi.stubEnv('NODE_OPTIONS', `--require ${file}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const child = startChild('worker/main', 'run');
  onTestFinished(() => void child.process.kill('SIGKILL'));
  const stderr = text(child.stderr);
  await new Promise((resolve) => child.stdout.once('data', resolve));

  const url = await child.openInspector(signal);
  const { host } = new URL(url);
  for (const path of ['/json', '/json/list', '/json/version', '/json/protocol'])
    expect((await fetch(`http://${host}${path}`, { signal })).status, path).toBe(404);
  expect(await locateLoop(`ws://${host}/00000000-0000-0000-0000-000000000000`, signal)).toEqual({});
  expect(await locateLoop(url, signal)).toMatchObject({ location: { file, line: 3 } });

  child.process.kill('SIGKILL');
  expect(await stderr).toBe('said\nhalf a line, ');
});
