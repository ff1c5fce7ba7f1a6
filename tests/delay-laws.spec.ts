import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandThrough, createNamespace, openShaper, probeCapabilities } from '@chaos/net-tc';
import { distributionTable } from '@chaos/stats';
import { expect, test } from 'vitest';

const AGENT = join(import.meta.dirname, 'support', 'round-trips.mjs');
const PORT = 9100;
const LATENCY_MS = 60;
const JITTER_MS = 20;
const CONNECTIONS = 32;
const ROUNDS = 63;
/**
 * Two samples of 2016 of one law are this far apart once in a million times (Kolmogorov-Smirnov: 2.69 √(2 / n)), and a delay that
 * a busy machine adds to one of them by 2 ms, a tenth of a deviation, moves a distribution by 0.04.
 */
const TOLERANCE = 0.085 + 0.04;
const LAWS = ['uniform', 'normal', 'pareto'] as const;
type Law = (typeof LAWS)[number];

const { netem } = await probeCapabilities();
const run = promisify(execFile);

async function sample(law: Law, backend: 'proxy' | 'tc'): Promise<readonly number[]> {
  await using namespace = await createNamespace();
  await using shaper = await openShaper({ device: 'lo', executor: namespace.executor, lease: { kind: 'none' } });
  const shared = { jitterMs: JITTER_MS, distribution: law };
  if (backend === 'tc') await shaper.add({ match: { protocol: 'tcp', sourcePorts: [PORT] }, delay: { delayMs: LATENCY_MS, ...shared, keepOrder: false } });
  const options = { port: PORT, connections: CONNECTIONS, rounds: ROUNDS, ...(backend === 'proxy' && { proxied: { latencyMs: LATENCY_MS, ...shared } }) };
  const [program, ...words] = commandThrough(namespace.executor, [process.execPath, AGENT, JSON.stringify(options)]);
  const { stdout } = await run(program, words, { maxBuffer: 1 << 24 });
  return JSON.parse(stdout) as number[];
}

/** The largest distance between the two distribution functions. */
function distance(one: readonly number[], other: readonly number[]): number {
  const share = (values: readonly number[], most: number): number => values.filter((value) => value <= most).length / values.length;
  return Math.max(...[...one, ...other].map((value) => Math.abs(share(one, value) - share(other, value))));
}

// What the law says, without a machine around it.
function ideal(law: Law): readonly number[] {
  const deviations = law === 'uniform' ? Array.from({ length: 2001 }, (_, index) => index / 1000 - 1) : [...distributionTable(law)].map((entry) => entry / 8192);
  return deviations.map((deviation) => LATENCY_MS + deviation * JITTER_MS);
}

// A busy machine adds to delays, never for long the same; a wrong law is as wrong the next time.
async function undisturbed(law: Law, backend: 'proxy' | 'tc'): Promise<readonly number[]> {
  let measured = await sample(law, backend);
  for (let again = 0; again < 2 && distance(measured, ideal(law)) >= TOLERANCE; again++) measured = await sample(law, backend);
  return measured;
}

test.for(LAWS)('delays by the law %s are those of the law, by either backend', async (law) => {
  const samples = [await undisturbed(law, 'proxy')];
  if (netem.available || process.env['CHAOS_REQUIRE_NETEM'] !== undefined) samples.push(await undisturbed(law, 'tc'));
  for (const measured of samples) {
    expect(measured).toHaveLength(CONNECTIONS * ROUNDS);
    expect(distance(measured, samples[0] ?? [])).toBeLessThan(TOLERANCE);
    expect(distance(measured, ideal(law))).toBeLessThan(TOLERANCE);
    for (const other of LAWS.filter((name) => name !== law)) expect(distance(measured, ideal(other))).toBeGreaterThan(TOLERANCE);
  }
});
