import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { detectCapabilities, detectNamespace } from '../../packages/env/dist/index.js';
import { createLink } from '../../packages/links/dist/index.js';
import { createProxy } from '../../packages/net-proxy/dist/index.js';
import { openShaper, profileFaults } from '../../packages/net-tc/dist/index.js';
import { startEcho } from './echo-server.mjs';
import { measure } from './measure.mjs';
import { drawFault } from './draw-fault.mjs';

// Draws the effect of each link fault on requests, measured here: docs/guide/network/<fault>.svg. `node
// scripts/pictures/network.mjs [fault…]`. Packet faults are measured in a network namespace of this script; those that
// need netem only if the kernel has it (pnpm test:netem).
const root = fileURLToPath(new URL('../..', import.meta.url));
const out = `${root}docs/guide/network`;

/** Faults of `link(from, to)`, made by the proxy. */
const FAULTS = {
  latency: { fault: 'latency', options: { latencyMs: 40, jitterMs: 10 } },
  'latency-pareto': { fault: 'latency', options: { latencyMs: 40, jitterMs: 20, distribution: 'pareto' } },
  bandwidth: { fault: 'bandwidth', options: { rateBitsPerSecond: 1_000_000 } },
  cut: { fault: 'cut' },
  silence: { fault: 'cut', options: { mode: 'blackhole' } },
  share: { fault: 'latency', options: { latencyMs: 40, toxicity: 0.5, durationMs: 600 } },
  reset: { fault: 'reset' },
  'hang-up': { fault: 'hangUp' },
  'connect-delay': { fault: 'connectDelay', options: { delayMs: 50 } },
  timeout: { fault: 'timeout', options: { timeoutMs: 100 } },
  'slow-close': { fault: 'slowClose', options: { delayMs: 100 } },
  slicer: { fault: 'slicer', options: { averageBytes: 100, delayMs: 1 } },
  'limit-data': { fault: 'limitData', options: { bytes: 20_000 } },
  flap: { fault: 'flap', options: { downMs: 200, upMs: 200 } },
};
// Faults that show only when connections open and close.
const OF_NEW_CONNECTIONS = ['connect-delay', 'slow-close'];
/**
 * Packet faults in both directions of a connection: as flags of `chaos net run`, or as arguments of `plan()` where
 * there are no flags.
 */
const PACKET_FAULTS = {
  'packets-delay': { needs: 'netem', command: '--delay 20ms', effects: { delay: { delayMs: 20 } } },
  'packets-latency': {
    needs: 'netem',
    command: '--delay 20ms --jitter 5ms --distribution normal',
    effects: { delay: { delayMs: 20, jitterMs: 5, distribution: 'normal' } },
  },
  'packets-pareto': {
    needs: 'netem',
    command: '--delay 20ms --jitter 10ms --distribution pareto',
    effects: { delay: { delayMs: 20, jitterMs: 10, distribution: 'pareto' } },
  },
  'packets-loss': { needs: 'nft', command: '--loss 5%', effects: { loss: { lossRatio: 0.05 } } },
  'packets-bursts': { needs: 'netem', effects: { loss: { model: 'gilbert-elliott', toBad: 0.02, toGood: 0.25 } } },
  'packets-states': { needs: 'netem', effects: { loss: { model: 'state', p13: 0.02, p31: 0.5 } } },
  'packets-duplicate': { needs: 'netem', command: '--duplicate 20%', effects: { duplicate: { ratio: 0.2 } } },
  'packets-reorder': {
    needs: 'netem',
    command: '--delay 5ms --reorder 25%',
    effects: { delay: { delayMs: 5 }, reorder: { ratio: 0.25 } },
  },
  'packets-corrupt': { needs: 'netem', command: '--corrupt 2%', effects: { corrupt: { ratio: 0.02 } } },
  'packets-bandwidth': { needs: 'htb', command: '--rate 1mbit', effects: { rate: { rateBitsPerSecond: 1_000_000 } } },
  'packets-slot': { needs: 'netem', effects: { slot: { minDelayMs: 10, maxDelayMs: 20, packets: 32 } } },
  'packets-silence': { needs: 'nft', command: '--partition drop', effects: { partition: 'drop' } },
  'packets-refusal': { needs: 'nft', command: '--partition reset', effects: { partition: 'reset' } },
  'packets-icmp': { needs: 'nft', command: '--partition icmp', effects: { partition: 'icmp' } },
  'packets-4g': { needs: 'netem', command: '--profile 4g', effects: profileFaults('4g', 'lo')[0] },
};
const both = (port, effects) =>
  [
    { protocol: 'tcp', destinationPorts: [port] },
    { protocol: 'tcp', sourcePorts: [port] },
  ].map((match) => ({ ...effects, match }));
const code = (value) => inspect(value, { breakLength: Infinity, numericSeparator: true });

const namespace = await detectNamespace({ signal: AbortSignal.timeout(10_000) });
if (process.env.IN_NAMESPACE === undefined && namespace.available) {
  const child = spawn(
    namespace.create[0],
    [
      ...namespace.create.slice(1),
      'sh',
      '-c',
      'ip link set lo up && exec "$@"',
      'sh',
      process.execPath,
      ...process.argv.slice(1),
    ],
    { stdio: 'inherit', env: { ...process.env, IN_NAMESPACE: '1' } },
  );
  child.on('exit', (code) => (process.exitCode = code ?? 1));
} else {
  await draw(process.argv.slice(2));
}

async function draw(chosen) {
  const wanted = (name) => chosen.length === 0 || chosen.includes(name);
  const capabilities = await detectCapabilities();
  mkdirSync(out, { recursive: true });
  const echo = await startEcho();
  for (const [name, { fault: what, options }] of Object.entries(FAULTS).filter(([name]) => wanted(name))) {
    const proxy = await createProxy({
      name: 'client→server',
      listen: { host: '127.0.0.1', port: 0 },
      upstream: { host: '127.0.0.1', port: echo.port },
    });
    const fault = createLink(proxy, { from: 'client', to: 'server' })[what](options);
    await write(name, `${what}(${options ? code(options) : ''})`, proxy.listen.port, (signal) => fault.inject(signal));
    await proxy.close();
  }
  for (const [name, { needs, command, effects }] of Object.entries(PACKET_FAULTS).filter(([name]) => wanted(name))) {
    if (!capabilities[needs].available) {
      console.log(`${name}: left out, there is no ${needs} here`);
      continue;
    }
    const shaper = await openShaper({ device: 'lo', lease: { kind: 'none' } });
    await write(name, command ? `chaos net run ${command}` : code(effects), echo.port, (signal) =>
      shaper.add(both(echo.port, effects), signal),
    );
    await shaper[Symbol.asyncDispose]();
  }
  echo.close();
}

async function write(name, title, port, inject) {
  const seen = await measure({ port, inject, ...(OF_NEW_CONNECTIONS.includes(name) && { connection: 'new' }) });
  writeFileSync(`${out}/${name}.svg`, drawFault(title, seen));
  const ok = (phase) =>
    seen.requests
      .filter((request) => request.phase === phase && request.ok)
      .map(({ ms }) => ms)
      .sort((a, b) => a - b);
  const p50 = (values) => (values.length === 0 ? 'none' : `${values[values.length >> 1].toFixed(2)} ms`);
  console.log(
    `${name}: p50 ${p50(ok('before'))} before, ${p50(ok('during'))} during, ${p50(ok('after'))} after; ` +
      `${seen.requests.filter(({ ok }) => !ok).length} failed`,
  );
}
