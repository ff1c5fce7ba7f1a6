import { detectCapabilities, detectNamespace } from '@chaos/env';
import { expect, test } from 'vitest';
import { runTests } from './support/run-tests.ts';

// What every fault of a link can be told: for how long it acts, and on which share of the connections.
const [namespace, capabilities] = await Promise.all([detectNamespace({ signal: AbortSignal.timeout(10_000) }), detectCapabilities()]);
const backends = namespace.available && capabilities.nft.available ? ['proxy', 'tc'] : ['proxy'];

const CONFIG = `
target: { command: [node, target.mjs], env: { PORT: '{port}' } }
runner: { workers: 1, leaks: 'off' }
`;
const TARGET = `
import { createServer } from 'node:http';
createServer((_, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');
`;
// Each request over a connection of its own.
const SPEC = `
import { request } from 'node:http';
const get = (url, timeoutMs) => new Promise((resolve) => {
  const sent = request(url, { agent: false, timeout: timeoutMs }, (response) => response.resume().on('end', () => resolve('answered')));
  sent.on('timeout', () => sent.destroy(resolve('silence'))).on('error', () => resolve('lost')).end();
});
for (const backend of ${JSON.stringify(backends)}) {
  test('brief ' + backend, async ({ target, link, inject }) => {
    await inject(link('client', 'target').cut({ mode: 'blackhole', backend, durationMs: 600 }));
    expect(await get(target.url, 200)).toBe('silence');
    while ((await get(target.url, 200)) !== 'answered');
  });
}
test('share', async ({ target, link, inject }) => {
  await inject(link('client', 'target').cut({ mode: 'blackhole', toxicity: 0.5 }));
  const answers = await Promise.all(Array.from({ length: 40 }, () => get(target.url, 1000)));
  console.log('answered ' + answers.filter((answer) => answer === 'answered').length);
});
const refused = (title, fault) => test(title, async ({ target, link, inject }) => inject(fault(link('client', 'target'))));
refused('share of packets', (link) => link.cut({ mode: 'blackhole', backend: 'tc', toxicity: 0.5 }));
refused('share of losses', (link) => link.loss({ lossRatio: 0.5, toxicity: 0.5 }));
refused('too large a share', (link) => link.cut({ toxicity: 2 }));
refused('no time', (link) => link.cut({ durationMs: -5 }));
`;

test('a fault of a link ends by itself, and acts on a share of the connections', async () => {
  const { run, only, said } = await runTests(SPEC, [], CONFIG, { 'target.mjs': TARGET });
  for (const backend of backends) {
    const { status, chaos, startTime, duration } = only(`brief ${backend}`);
    expect(status, run.output).toBe('passed');
    const [fault] = chaos.faults;
    expect(fault?.name).toBe(`link client→target cut blackhole, ${backend}, duration 600 ms`);
    expect((fault?.endMs ?? 0) - (fault?.startMs ?? Infinity)).toBeGreaterThanOrEqual(590);
    expect(fault?.endMs).toBeLessThanOrEqual(Date.parse(startTime) + duration);
  }
  const answered = Number(/answered (\d+)/.exec(only('share').stdout.map(({ text }) => text).join(''))?.[1]);
  expect(answered).toBeGreaterThan(5);
  expect(answered).toBeLessThan(35);
  for (const title of ['share of packets', 'share of losses']) expect(said(title)).toMatch(/current toxicity is 0\.5, only faults of the proxy know connections/);
  expect(said('too large a share')).toMatch(/toxicity.* 2\b/);
  expect(said('no time')).toMatch(/durationMs.* -5/);
});
