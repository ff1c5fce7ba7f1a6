import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';

/** Starts a module of this folder; resolves with the process and its first message. */
export async function start(module, args = []) {
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), args, { execArgv: ['--expose-gc'] });
  const [message] = await once(child, 'message');
  return { child, message };
}

/** Requests per second by so many connections that are kept. */
export async function requestsPerSecond(port, { requests, connections = 32 }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let left = requests;
  const one = () =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, agent }, (answer) => answer.resume().once('end', resolve)).once('error', reject);
    });
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0) await one();
    }),
  );
  agent.destroy();
  return (requests / (performance.now() - began)) * 1000;
}

/** Milliseconds of one call, in the mean of `calls` in a row. */
export async function callMs(call, calls) {
  const began = performance.now();
  for (let index = 0; index < calls; index++) await call();
  return (performance.now() - began) / calls;
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
