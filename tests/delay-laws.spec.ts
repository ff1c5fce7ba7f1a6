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
 * Two samples of 2016 values from one distribution are this far apart once in a million times (Kolmogorov-Smirnov: 2.69
 * √(2 / n)). A busy machine that adds 2 ms, a tenth of a deviation, to one of them shifts its distribution by 0.04.
 */
const TOLERANCE = 0.085 + 0.04;
/**
 * If the machine adds more, try again with longer delays, of which it is a smaller part. Distributions that differ do
 * so at every scale.
 */
const SCALES = [1, 4, 8];
const LAWS = ['uniform', 'normal', 'pareto'] as const;
type Law = (typeof LAWS)[number];

const { netem } = await probeCapabilities();
const run = promisify(execFile);

/** Round trips in units of the distribution: deviations from its mean. */
async function sample(law: Law, backend: 'proxy' | 'tc', scale: number): Promise<readonly number[]> {
  const latencyMs = scale * LATENCY_MS;
  const jitterMs = scale * JITTER_MS;
  await using namespace = await createNamespace();
  await using shaper = await openShaper({ device: 'lo', executor: namespace.executor, lease: { kind: 'none' } });
  const shared = { jitterMs, distribution: law };
  if (backend === 'tc')
    await shaper.add({
      match: { protocol: 'tcp', sourcePorts: [PORT] },
      delay: { delayMs: latencyMs, ...shared, keepOrder: false },
    });
  const options = {
    port: PORT,
    connections: CONNECTIONS,
    rounds: ROUNDS,
    ...(backend === 'proxy' && { proxied: { latencyMs, ...shared } }),
  };
  const [program, ...words] = commandThrough(namespace.executor, [process.execPath, AGENT, JSON.stringify(options)]);
  const { stdout } = await run(program, words, { maxBuffer: 1 << 24 });
  return (JSON.parse(stdout) as number[]).map((ms) => (ms - latencyMs) / jitterMs);
}

/** The largest distance between the two distribution functions. */
function distance(one: readonly number[], other: readonly number[]): number {
  const share = (values: readonly number[], most: number): number =>
    values.filter((value) => value <= most).length / values.length;
  return Math.max(...[...one, ...other].map((value) => Math.abs(share(one, value) - share(other, value))));
}

// Values of the ideal distribution, without a machine's noise.
function ideal(law: Law): readonly number[] {
  return law === 'uniform'
    ? Array.from({ length: 2001 }, (_, index) => index / 1000 - 1)
    : [...distributionTable(law)].map((entry) => entry / 8192);
}

async function sampleOf(law: Law, backend: 'proxy' | 'tc'): Promise<readonly number[]> {
  let measured: readonly number[] = [];
  for (const scale of SCALES) {
    measured = await sample(law, backend, scale);
    if (distance(measured, ideal(law)) < TOLERANCE) break;
  }
  return measured;
}

test.for(LAWS)('delays by the law %s are those of the law, by either backend', { timeout: 400_000 }, async (law) => {
  const samples = [await sampleOf(law, 'proxy')];
  if (netem.available || process.env['CHAOS_REQUIRE_NETEM'] !== undefined) samples.push(await sampleOf(law, 'tc'));
  for (const measured of samples) {
    expect(measured).toHaveLength(CONNECTIONS * ROUNDS);
    expect(distance(measured, ideal(law))).toBeLessThan(TOLERANCE);
    expect(distance(measured, samples[0] ?? [])).toBeLessThan(TOLERANCE);
    for (const other of LAWS.filter((name) => name !== law))
      expect(distance(measured, ideal(other))).toBeGreaterThan(TOLERANCE);
  }
});
