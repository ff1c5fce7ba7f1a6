import { readFileSync } from 'node:fs';
import { detectCapabilities, detectNamespace } from '@chaos/env';
import { describe, expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

const [namespace, capabilities] = await Promise.all([
  detectNamespace({ signal: AbortSignal.timeout(60_000) }),
  detectCapabilities(),
]);
// Without nft, as in User-Mode Linux, filters choose packets, and only netem drops all of them.
const canShape =
  namespace.available && capabilities.htb.available && (capabilities.nft.available || capabilities.netem.available);
const isRequired = process.env['CHAOS_REQUIRE_NETEM'] !== undefined;

const CONFIG = `
target: { command: [node, target.mjs], env: { PORT: '{port}' } }
# Requests that time out leave sockets behind; a second run to find out whose would be measured, too.
runner: { workers: 1, leaks: 'off' }
`;
const TARGET = `
import { createServer } from 'node:http';
createServer((request, response) => response.end(Buffer.alloc(Number(new URL(request.url, 'http://x').searchParams.get('bytes') ?? 2)))).listen(Number(process.env.PORT), '127.0.0.1');
`;
// Each runs the same fault with one backend and then with the other.
const SPEC = `
import { test } from '@chaos/test';
import { appendFileSync } from 'node:fs';

const note = (what, backend, value) => appendFileSync(process.env.NOTES, JSON.stringify({ what, backend, value }) + '\\n');
async function download(url, timeoutMs = 20_000) {
  const startMs = performance.now();
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  await response.arrayBuffer();
  return performance.now() - startMs;
}
for (const backend of ['proxy', 'tc']) {
  test('bandwidth ' + backend, async ({ target, link, inject }) => {
    const fastest = async () => Math.min(...[await download(url), await download(url), await download(url)]);
    const url = target.url + '/?bytes=1500000';
    await download(target.url);
    note('without bandwidth', backend, await fastest());
    await inject(link('client', 'target').bandwidth({ rateBitsPerSecond: 8_000_000, direction: 'downstream', backend }));
    note('bandwidth', backend, await fastest());
  });
  test('silence ' + backend, async ({ target, link, inject }) => {
    await download(target.url);
    const silence = await inject(link('client', 'target').cut({ mode: 'blackhole', backend }));
    note('silence', backend, await download(target.url, 300).then(() => 'answered', (error) => error.name));
    await silence.heal();
    note('healed', backend, await download(target.url).then(() => 'answered', (error) => error.name));
  });
  test('latency ' + backend, { requires: backend === 'tc' ? ['netem'] : [] }, async ({ target, link, inject }) => {
    const median = async () => {
      const times = [];
      for (let index = 0; index < 21; index++) times.push(await download(target.url));
      return times.sort((a, b) => a - b)[10];
    };
    await download(target.url);
    note('without latency', backend, await median());
    await inject(link('client', 'target').latency({ latencyMs: 40, direction: 'downstream', backend }));
    note('latency', backend, await median());
  });
}
`;

interface Note {
  readonly what: string;
  readonly backend: 'proxy' | 'tc';
  readonly value: number | string;
}

describe.runIf(canShape || isRequired)('the two backends of a link', () => {
  test('agree on the same fault', { timeout: 300_000 }, async () => {
    const project = createProject({ 'chaos.yaml': CONFIG, 'target.mjs': TARGET, 'a.chaos.ts': SPEC });
    const run = await runChaos(project, ['run'], { env: { NOTES: project.file('notes') } });
    expect(run.code, run.output).toBe(0);
    const notes = readFileSync(project.file('notes'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Note);
    const values = (what: string): readonly (number | string)[] =>
      notes
        .filter((note) => note.what === what)
        .sort((a, b) => a.backend.localeCompare(b.backend))
        .map(({ value }) => value);

    // 1.5 MB at 8 Mbit/s take 1.5 s, but for what is in buffers on the way. A slow machine is slow without the fault,
    // too.
    const unlimited = values('without bandwidth') as readonly number[];
    expect(values('bandwidth')).toHaveLength(2);
    for (const [index, ms] of (values('bandwidth') as readonly number[]).entries()) {
      expect(ms).toBeGreaterThan(1250);
      expect(ms).toBeLessThan(2000 + 2 * (unlimited[index] as number));
    }
    expect(values('silence')).toEqual(['TimeoutError', 'TimeoutError']);
    expect(values('healed')).toEqual(['answered', 'answered']);
    expect(values('latency')).toHaveLength(capabilities.netem.available || isRequired ? 2 : 1);
    // A slow machine is slow without the fault, too; a request has some packets that a timer sends late.
    const plain = values('without latency') as readonly number[];
    for (const [index, ms] of (values('latency') as readonly number[]).entries()) {
      expect(ms).toBeGreaterThanOrEqual(40);
      expect(ms).toBeLessThan(75 + 2 * (plain[index] as number));
    }
  });
});
