import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { commandThrough, createNamespace } from '../dist/index.js';

const PORT = 9100;
const FAULTS = [
  { match: { destinationPorts: [PORT] }, partition: 'drop' },
  { match: { destinationPorts: [PORT + 1] }, rate: { rateBitsPerSecond: 1_000_000 } },
  { match: { destinationPorts: [PORT + 2] }, direction: 'ingress', rate: { rateBitsPerSecond: 1_000_000 } },
];
const file = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Kills owners of faults with SIGKILL, `count` times, at a random moment of their life (`random` from 0 to 1): during
 * setup or later. Each owner gets a namespace that outlives it, so that leftovers can be counted.
 */
export async function killOwners(count, random, log) {
  const results = [];
  const lane = async () => {
    const namespace = await createNamespace();
    const traffic = await agentIn(namespace);
    while (results.length < count) {
      const result = { index: results.length };
      results.push(result);
      Object.assign(result, await killOne(namespace, traffic, random()));
      if (results.length % 20 === 0) log(`${results.length} of ${count} killed`);
    }
    traffic.disconnect();
    await namespace[Symbol.asyncDispose]();
  };
  // Two: as many as small machines have processors.
  await Promise.all([lane(), lane()]);
  return results;
}

async function killOne({ executor }, traffic, chance) {
  const owner = fork(
    file('../test/owner.mjs'),
    [executor, FAULTS, true].map((value) => JSON.stringify(value)),
    { execArgv: [], stdio: 'ignore' },
  );
  const exit = once(owner, 'exit');
  // Half of them die while they set up, half within a second in which the faults act.
  const ready = chance >= 0.5;
  if (ready) await once(owner, 'message');
  await delay(ready ? (chance - 0.5) * 2000 : chance * 1200);
  owner.kill('SIGKILL');
  const killedMs = performance.now();
  await exit;
  await delay(Math.max(0, 1000 - (performance.now() - killedMs)));
  const left = [
    ...(await output(executor, ['nft', 'list', 'tables'])),
    ...(await output(executor, ['tc', 'qdisc', 'show'])).filter((line) => !line.startsWith('qdisc noqueue 0: dev lo ')),
    ...(await output(executor, ['ip', '-o', 'link'])).filter((line) => !/^\d+: lo:/.test(line)),
    ...processesOf(executor),
  ];
  const lost = await ask(traffic, { port: PORT, count: 10, waitMs: 20 }).then(({ arrivals }) => 10 - arrivals.length);
  return { phase: ready ? 'acting' : 'setting up', left, lost };
}

async function output(executor, argv) {
  const [program, ...words] = commandThrough(executor, argv);
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  await once(child, 'close');
  return text.split('\n').filter((line) => line.trim() !== '');
}

// Processes that enter this namespace with this prefix: guards and `nft -i`.
function processesOf({ prefix }) {
  const mark = prefix.join('\0');
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const line = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
      return (line.includes(mark) && !line.includes('agent.mjs')) ||
        (line.includes('guard-process.js') && line.includes(prefix[2]))
        ? [line.replaceAll('\0', ' ')]
        : [];
    } catch {
      return [];
    }
  });
}

async function agentIn({ executor }) {
  const [program, ...words] = commandThrough(executor, [process.execPath, file('../test/agent.mjs')]);
  const child = spawn(program, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(child, 'message');
  return child;
}

async function ask(agent, options) {
  agent.send({ id: 0, operation: 'datagrams', options });
  const [{ value, error }] = await once(agent, 'message');
  if (error) throw new Error(error);
  return value;
}
