import { expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import type { Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { targetProject } from './support/target-project.ts';

// It asks Redis for /ask only, on a connection of its own.
const TARGET = `
import { createServer } from 'node:http';
import { connect } from 'node:net';
const { hostname, port } = new URL(process.env.REDIS_URL);
function ask(done) {
  const socket = connect({ host: hostname, port: Number(port) });
  socket.setTimeout(2000, () => socket.destroy());
  socket.on('error', () => {}).on('close', done).once('data', () => socket.end());
  socket.write('PING\\r\\n');
}
createServer((request, response) => {
  if (request.url === '/ask') ask(() => response.end('asked'));
  else response.end('ok');
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

const project = (tests: string): Project =>
  targetProject({ target: TARGET, env: "REDIS_URL: '{redis.url}'", runner: 'max_inconclusive: 1', tests });

test('a test whose fault met nothing is inconclusive, and its twin that met something passes', async () => {
  const faults = [
    'cut()',
    "cut({ mode: 'blackhole', backend: 'proxy' })",
    'latency({ latencyMs: 5 })',
    "latency({ latencyMs: 5, backend: 'proxy' })",
    'reset()',
    'flap({ upMs: 20, downMs: 20 })',
  ];
  const run = await runChaos(
    project(`
      for (const [index, make] of [${faults.map((fault) => `(link) => link.${fault}`).join(', ')}].entries()) {
        test('idle ' + index, async ({ target, link, inject }) => {
          await inject(make(link('target', 'redis')));
          expect(await (await fetch(target.url)).text()).toBe('ok');
        });
        if (index === 4) continue;
        test('met ' + index, async ({ target, link, inject }) => {
          await inject(make(link('target', 'redis')));
          for (let i = 0; i < (index === 5 ? 10 : 1); i++) expect(await (await fetch(target.url + '/ask')).text()).toBe('asked');
        });
      }
    `),
    ['run', '--retries', '0'],
  );
  const found = testsByTitle(run.report());
  for (const [index, fault] of faults.entries()) {
    const [idle] = found.get(`idle ${index}`)?.results ?? [];
    expect([fault, idle?.status]).toEqual([fault, 'skipped']);
    expect(idle?.annotations).toContainEqual({
      type: 'inconclusive',
      description: expect.stringMatching(/^"link target→redis .*" met nothing in \d+ ms: 0 /),
    });
    if (index !== 4) expect([fault, found.get(`met ${index}`)?.results[0]?.status]).toEqual([fault, 'passed']);
  }
  expect(run.code).toBe(0);
});

test('a fault that may meet nothing is proven by a probe, and the reason is in the report', async () => {
  const run = await runChaos(
    project(`
      test('stated', async ({ target, link, inject }) => {
        await inject(link('target', 'redis').cut(), { mayMeetNothing: 'the cache is warm' });
        expect(await (await fetch(target.url)).text()).toBe('ok');
      });
      test('without a reason', async ({ link, inject }) => {
        await inject(link('target', 'redis').cut(), { mayMeetNothing: true as never });
      });
    `),
    ['run', '--retries', '2'],
  );
  const found = testsByTitle(run.report());
  const [stated] = found.get('stated')?.results ?? [];
  expect(stated).toMatchObject({
    status: 'passed',
    chaos: {
      faults: [
        { met: { connections: 0 }, mayMeetNothing: 'the cache is warm', proof: 'a connection of our own was refused' },
      ],
    },
  });
  const wrong = found.get('without a reason')?.results ?? [];
  expect(wrong).toHaveLength(1);
  expect(wrong[0]?.errors[0]?.message).toContain('mayMeetNothing is true, it must be the reason as a text');
});
