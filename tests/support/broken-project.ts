import { createProject, type Project } from './project.ts';

const CONFIG = `
target:
  command: [node, target.mjs]
  env: { PORT: '{port}', DATABASE_URL: '{postgres.url}', REDIS_URL: '{redis.url}' }
runner:
  workers: 1
`;

const TARGET = `
import { createServer } from 'node:http';
createServer((_, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');
`;

// A test that breaks everything, and then waits for someone to break the run itself; when retried, it passes.
const TESTS = `
import { test } from '@chaos/test';
import { cpuBurn } from '@chaos/resources';
import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
const mark = (line) => appendFileSync(process.env.MARKS, line + '\\n');

test('breaks everything', async ({ target, postgres, redis, link, inject }, info) => {
  mark('body ' + info.retry);
  await inject(cpuBurn({ cpus: 0.2 }));
  await inject(link('target', 'redis').cut(), { mayMeetNothing: 'the target uses no Redis' });
  await inject(redis.stop());
  await inject(postgres.stop());
  mark('broken');
  if (process.env.HOLD !== undefined && info.retry === 0) await delay(120_000, undefined, { signal: info.signal });
  mark('end');
});

test('goes on', async ({ postgres }) => {
  await postgres.query('SELECT 1');
  mark('went on');
});
`;

/** A project whose first test breaks PostgreSQL, Redis, a link and the CPU; with `HOLD` it stays in that state. */
export function brokenProject(): Project {
  const scripts = { chaos: `node ${new URL('../../packages/cli/dist/bin.cjs', import.meta.url).pathname} run` };
  return createProject({
    'chaos.yaml': CONFIG,
    'target.mjs': TARGET,
    'broken.chaos.ts': TESTS,
    'package.json': JSON.stringify({ name: 'project', private: true, type: 'module', scripts }),
  });
}
