import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const PHASE_MS = 1000;
const TIMEOUT_MS = 400;
const ANSWER_BYTES = 2000;
const CLIENTS = 4;

/**
 * What clients see, each with one request at a time on a connection that it keeps as long as it lives: a second before the fault, one during it,
 * one after it. With `connection: 'new'` each request has one of its own, until it is closed on both sides. `{ requests: [{ atMs, ms, ok, phase }], startMs, endMs }`, times from the beginning.
 */
export async function measure({ port, inject, connection = 'kept' }) {
  const originMs = performance.now();
  const now = () => performance.now() - originMs;
  const requests = [];
  let phase = 'before';
  let stop = false;
  const clients = Array.from({ length: CLIENTS }, async () => {
    let socket;
    while (!stop) {
      const atMs = now();
      const startedIn = phase;
      try {
        socket ??= await dial(port);
        await exchange(socket);
        if (connection === 'new') {
          await hangUp(socket);
          socket = undefined;
        }
        requests.push({ atMs, ms: now() - atMs, ok: true, phase: startedIn });
        await delay(3);
      } catch {
        socket?.destroy();
        socket = undefined;
        requests.push({ atMs, ms: now() - atMs, ok: false, phase: startedIn });
        await delay(15);
      }
    }
    socket?.destroy();
  });
  await delay(PHASE_MS);
  const startMs = now();
  phase = 'during';
  const fault = await inject(new AbortController().signal);
  await delay(PHASE_MS);
  await fault.heal();
  const endMs = now();
  phase = 'after';
  await delay(PHASE_MS);
  stop = true;
  await Promise.all(clients);
  return { requests, startMs, endMs };
}

function dial(port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const timer = setTimeout(() => socket.destroy(new Error('no connection in time')), TIMEOUT_MS);
    socket.once('connect', () => (clearTimeout(timer), socket.removeAllListeners('error'), socket.on('error', () => {}), resolve(socket)));
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
