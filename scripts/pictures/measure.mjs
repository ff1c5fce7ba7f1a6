import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const PHASE_MS = 1000;
const TIMEOUT_MS = 400;
const ANSWER_BYTES = 2000;
const CLIENTS = 4;

/**
 * Measures what clients see. Each sends one request at a time over its own connection: for a second before the fault, a
 * second during it, and a second after it. While the fault is injected or healed, clients and clock pause, because that
 * time depends on the machine. With `connection: 'new'` each request opens its own connection and waits until both
 * sides have closed it. `{ requests: [{ atMs, ms, ok, phase }], startMs, endMs }`, times from the beginning.
 */
export async function measure({ port, inject, connection = 'kept' }) {
  let originMs = performance.now();
  const now = () => performance.now() - originMs;
  const requests = [];
  const sockets = [];
  const client = async (phase, index, endMs) => {
    while (now() < endMs) {
      const atMs = now();
      try {
        sockets[index] ??= await dial(port);
        await exchange(sockets[index]);
        if (connection === 'new') {
          await hangUp(sockets[index]);
          sockets[index] = undefined;
        }
        requests.push({ atMs, ms: now() - atMs, ok: true, phase });
        await delay(3);
      } catch {
        sockets[index]?.destroy();
        sockets[index] = undefined;
        requests.push({ atMs, ms: now() - atMs, ok: false, phase });
        await delay(15);
      }
    }
  };
  const run = async (phase) =>
    await Promise.all(Array.from({ length: CLIENTS }, (_, index) => client(phase, index, now() + PHASE_MS)));
  const pause = async (change) => {
    const atMs = now();
    const result = await change();
    originMs = performance.now() - atMs;
    return result;
  };
  await run('before');
  const startMs = now();
  const fault = await pause(() => inject(new AbortController().signal));
  await run('during');
  const endMs = now();
  await pause(() => fault.heal());
  await run('after');
  for (const socket of sockets) socket?.destroy();
  return { requests, startMs, endMs };
}

function dial(port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const timer = setTimeout(() => socket.destroy(new Error('no connection in time')), TIMEOUT_MS);
    socket.once(
      'connect',
      () => (clearTimeout(timer), socket.removeAllListeners('error'), socket.on('error', () => {}), resolve(socket)),
    );
    socket.once('error', (error) => (clearTimeout(timer), reject(error)));
  });
}

function hangUp(socket) {
  return new Promise((resolve) => {
    socket.once('close', resolve);
    socket.end();
  });
}

function exchange(socket) {
  return new Promise((resolve, reject) => {
    let received = 0;
    const end = (error) => {
      clearTimeout(timer);
      socket.removeListener('data', onData);
      socket.removeListener('close', onClose);
      if (error) reject(error);
      else resolve();
    };
    const onData = (data) => {
      received += data.length;
      if (received >= ANSWER_BYTES) end();
    };
    const onClose = () => end(new Error('the connection ended'));
    const timer = setTimeout(() => end(new Error('no answer in time')), TIMEOUT_MS);
    socket.on('data', onData);
    socket.on('close', onClose);
    if (socket.destroyed) return onClose();
    socket.write(Buffer.alloc(8, 'q'));
  });
}
