import { connect } from 'node:net';
import { once } from 'node:events';
import { idle, isAlive, letGo } from './client-idle.mjs';

// One measurement per message; ports are measured one after the other, or turn by turn where noise would drown the
// difference.

const open = async (port) => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
};

async function throughput({ port, bytes, slow }) {
  const socket = await open(port);
  socket.write(`${slow ? 'R' : 'S'}${String(bytes).padStart(16, '0')}`);
  const block = Buffer.alloc(256 * 1024);
  const start = performance.now();
  const done = once(socket, 'data');
  for (let sent = 0; sent < bytes; sent += block.length)
    if (!socket.write(block)) await Promise.race([once(socket, 'drain'), done]);
  await done;
  socket.destroy();
  return { mbPerSecond: bytes / 1e3 / (performance.now() - start) };
}

async function roundTrips({ ports, count, warmUp = 500 }) {
  const message = Buffer.alloc(64, 1);
  const lines = [];
  for (const port of ports) {
    const socket = await open(port);
    socket.write('E');
    lines.push({ socket, us: [] });
  }
  // So many of one before the next one's turn: noise falls on all alike, and the caches are as they are in use.
  const turn = Math.min(100, count);
  for (let round = -warmUp; round < count; round += turn) {
    for (const line of lines)
      for (let one = 0; one < turn; one++) {
        const us = await new Promise((resolve) => {
          line.socket.once('data', () => resolve((performance.now() - start) * 1000));
          const start = performance.now();
          line.socket.write(message);
        });
        if (round >= 0 && round + one < count) line.us.push(us);
      }
  }
  for (const { socket } of lines) socket.destroy();
  return {
    us: lines
      .map(({ us }) => us.sort((a, b) => a - b))
      .map((us) => ({ min: us[0], p50: us[Math.floor(us.length * 0.5)], p99: us[Math.floor(us.length * 0.99)] })),
  };
}

async function connects({ port, durationMs, concurrency }) {
  const end = performance.now() + durationMs;
  let count = 0;
  const loop = async () => {
    while (performance.now() < end) {
      await new Promise((resolve, reject) => {
        const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => socket.write('Ex'));
        socket
          .once('data', () => socket.end())
          .once('error', reject)
          .once('close', resolve);
      });
      count++;
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, loop));
  return { perSecond: count / ((performance.now() - start) / 1000) };
}

const KINDS = { throughput, roundTrips, connects, idle, isAlive, letGo };

process.on('message', ({ kind, ...options }) => {
  KINDS[kind](options).then(
    (answer) => process.send(answer),
    (error) => process.send({ error: String(error.stack ?? error) }),
  );
});
process.on('disconnect', () => process.exit());
