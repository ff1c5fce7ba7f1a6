import { detectCapabilities, detectNamespace } from '@chaos/env';
import { expect, test } from 'vitest';
import { runTests } from './support/run-tests.ts';

// Options of every link fault: its duration, and the share of connections that it hits.
const [namespace, capabilities] = await Promise.all([
  detectNamespace({ signal: AbortSignal.timeout(10_000) }),
  detectCapabilities(),
]);
const backends = namespace.available && capabilities.nft.available ? ['proxy', 'tc'] : ['proxy'];

const CONFIG = `
target: { command: [node, target.mjs], env: { PORT: '{port}' } }
runner: { workers: 1, leaks: 'off' }
`;
const TARGET = `
import { createServer } from 'node:http';
createServer((_, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');
`;
// Each request uses a new connection.
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
    await delay(300);
    mark(Date.now());
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
  for (const [index, backend] of backends.entries()) {
    const { status, chaos } = only(`brief ${backend}`);
    expect(status, run.output).toBe('passed');
    const [fault] = chaos.faults;
    expect(fault?.name).toBe(`link client→target cut blackhole, ${backend}, duration 600 ms`);
    expect((fault?.endMs ?? 0) - (fault?.startMs ?? Infinity)).toBeGreaterThanOrEqual(590);
    // Reported before the end of the test.
    expect(fault?.endMs).toBeLessThan(Number(run.marks()[index]));
  }
  const answered = Number(
    /answered (\d+)/.exec(
      only('share')
        .stdout.map(({ text }) => text)
        .join(''),
    )?.[1],
  );
  expect(answered).toBeGreaterThan(5);
  expect(answered).toBeLessThan(35);
  for (const title of ['share of packets', 'share of losses'])
    expect(said(title)).toMatch(/current toxicity is 0\.5, only faults of the proxy know connections/);
  expect(said('too large a share')).toMatch(/toxicity.* 2\b/);
  expect(said('no time')).toMatch(/durationMs.* -5/);
});

// Another program changes the same packets.
const DISTURBED = `
import { execFileSync } from 'node:child_process';
const disturb = (target) => execFileSync('nft', ['add table inet others; add chain inet others c { type filter hook input priority 0; }; add rule inet others c tcp dport ' + new URL(target.url).port + ' drop']);
test('heals', async ({ target, link, inject }) => {
  const slow = await inject(link('client', 'target').bandwidth({ rateBitsPerSecond: 1_000_000, backend: 'tc' }));
  disturb(target);
  mark('disturbed');
  await slow.heal();
  mark('never');
});
test('injects', async ({ target, link, inject }) => {
  disturb(target);
  await inject(link('client', 'target').loss({ lossRatio: 0.1 }));
  mark('never');
});
test('goes on', async ({ target }) => {
  await fetch(target.url);
});
`;

test.runIf(backends.includes('tc'))(
  'a fault of packets that is not as planned fails the test, and so does one that is not gone',
  async () => {
    const { run, only, said } = await runTests(DISTURBED, ['--retries=0'], CONFIG, { 'target.mjs': TARGET });
    for (const title of ['heals', 'injects'])
      expect(said(title), run.output).toMatch(
        /The network to port \d+ is not as planned: the share of connections that had to be tried again should be 0\.\d+, is 1\.000/,
      );
    expect(run.marks()).toEqual(['disturbed']);
    expect(only('goes on').status).toBe('passed');
  },
);
