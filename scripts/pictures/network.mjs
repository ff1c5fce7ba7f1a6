import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { detectCapabilities, detectNamespace } from '../../packages/env/dist/index.js';
import { createLink, createProxy } from '../../packages/net-proxy/dist/index.js';
import { openShaper } from '../../packages/net-tc/dist/index.js';
import { startEcho } from './echo-server.mjs';
import { measure } from './measure.mjs';
import { drawFault } from './draw-fault.mjs';

// Draws what each fault of a link does to requests, measured here: docs/guide/network/<fault>.svg. `node scripts/pictures/network.mjs [fault…]`.
// Faults of packets are measured in a network namespace of this script; those that need netem only where the kernel has it (pnpm test:netem).
const root = fileURLToPath(new URL('../..', import.meta.url));
const out = `${root}docs/guide/network`;

const FAULTS = {
  'latency': (link) => link.latency({ latencyMs: 40, jitterMs: 10 }),
  'latency-pareto': (link) => link.latency({ latencyMs: 40, jitterMs: 20, distribution: 'pareto' }),
  'bandwidth': (link) => link.bandwidth({ rateBitsPerSecond: 1_000_000 }),
  'cut': (link) => link.cut(),
  'silence': (link) => link.cut({ mode: 'blackhole' }),
  'reset': (link) => link.reset(),
  'hang-up': (link) => link.hangUp(),
  'connect-delay': (link) => link.connectDelay({ delayMs: 50 }),
  'timeout': (link) => link.timeout({ timeoutMs: 100 }),
  'slow-close': (link) => link.slowClose({ delayMs: 100 }),
  'slicer': (link) => link.slicer({ averageBytes: 100, delayMs: 1 }),
  'limit-data': (link) => link.limitData({ bytes: 20_000 }),
  'flap': (link) => link.flap({ downMs: 200, upMs: 200 }),
};
// What they do shows when connections begin and end.
const OF_NEW_CONNECTIONS = ['connect-delay', 'slow-close'];
const both = (port, effects) => [{ protocol: 'tcp', destinationPorts: [port] }, { protocol: 'tcp', sourcePorts: [port] }].map((match) => ({ match, ...effects }));
const PACKET_FAULTS = {
  'packets-silence': { needs: 'nft', effects: { partition: 'drop' } },
  'packets-bandwidth': { needs: 'htb', effects: { rate: { rateBitsPerSecond: 1_000_000 } } },
  'packets-loss': { needs: 'nft', effects: { loss: { lossRatio: 0.05 } } },
  'packets-bursts': { needs: 'netem', effects: { loss: { model: 'gilbert-elliott', toBad: 0.0132, toGood: 0.25 } } },
  'packets-latency': { needs: 'netem', effects: { delay: { delayMs: 20, jitterMs: 5, distribution: 'normal' } } },
  'packets-reorder': { needs: 'netem', effects: { delay: { delayMs: 5 }, reorder: { ratio: 0.25 } } },
  'packets-duplicate': { needs: 'netem', effects: { duplicate: { ratio: 0.2 } } },
  'packets-corrupt': { needs: 'netem', effects: { corrupt: { ratio: 0.02 } } },
};

const namespace = await detectNamespace({ signal: AbortSignal.timeout(10_000) });
if (process.env.IN_NAMESPACE === undefined && namespace.available) {
  const child = spawn(namespace.create[0], [...namespace.create.slice(1), 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', process.execPath, ...process.argv.slice(1)], { stdio: 'inherit', env: { ...process.env, IN_NAMESPACE: '1' } });
  child.on('exit', (code) => (process.exitCode = code ?? 1));
} else {
  await draw(process.argv.slice(2));
}

async function draw(chosen) {
  const wanted = (name) => chosen.length === 0 || chosen.includes(name);
  const capabilities = await detectCapabilities();
  mkdirSync(out, { recursive: true });
  const echo = await startEcho();
  for (const [name, make] of Object.entries(FAULTS).filter(([name]) => wanted(name))) {
    const proxy = await createProxy({ name: 'client→server', listen: { host: '127.0.0.1', port: 0 }, upstream: { host: '127.0.0.1', port: echo.port } });
    const fault = make(createLink(proxy, { from: 'client', to: 'server' }));
    await write(name, fault.name.replace('link client→server ', ''), proxy.listen.port, (signal) => fault.inject(signal));
    await proxy.close();
  }
  for (const [name, { needs, effects }] of Object.entries(PACKET_FAULTS).filter(([name]) => wanted(name))) {
    if (!capabilities[needs].available) {
      console.log(`${name}: left out, there is no ${needs} here`);
      continue;
    }
    const shaper = await openShaper({ device: 'lo', lease: { kind: 'none' } });
    await write(name, `packets: ${name.replace('packets-', '')}`, echo.port, (signal) => shaper.add(both(echo.port, effects), signal));
    await shaper[Symbol.asyncDispose]();
  }
  echo.close();
}

async function write(name, title, port, inject) {
  const seen = await measure({ port, inject, ...(OF_NEW_CONNECTIONS.includes(name) && { connection: 'new' }) });
  writeFileSync(`${out}/${name}.svg`, drawFault(title, seen));
  const ok = (phase) => seen.requests.filter((request) => request.phase === phase && request.ok).map(({ ms }) => ms).sort((a, b) => a - b);
  const p50 = (values) => (values.length === 0 ? 'none' : `${values[values.length >> 1].toFixed(2)} ms`);
  console.log(`${name}: p50 ${p50(ok('before'))} before, ${p50(ok('during'))} during, ${p50(ok('after'))} after; ${seen.requests.filter(({ ok }) => !ok).length} failed`);
}
