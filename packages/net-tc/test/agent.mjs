// Real traffic inside a network namespace: a process that is started there and does over ipc what a test asks for.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect as dial, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { verifyLoopback } from '../dist/index.js';

const HEADER_BYTES = 12;

/**
 * Sends datagrams to a socket of this process, so one clock gives one-way delays. Arrivals in order: [sequence number,
 * delay in ms, intact].
 */
async function datagrams({
  port,
  host = '127.0.0.1',
  sourcePort = 0,
  count,
  intervalMs = 1,
  perTick = 1,
  bytes = 100,
  waitMs = 300,
}) {
  const type = host.includes(':') ? 'udp6' : 'udp4';
  const receiver = createSocket({ type, recvBufferSize: 8 << 20 });
  const sender = createSocket({ type, sendBufferSize: 8 << 20 });
  const payload = Buffer.alloc(bytes - HEADER_BYTES, 0x5a);
  const arrivals = [];
  let errors = 0;
  receiver.on('message', (message) => {
    const nowMs = performance.now();
    const intact = message.length === bytes && message.subarray(HEADER_BYTES).equals(payload);
    arrivals.push([message.readUInt32LE(0), nowMs - message.readDoubleLE(4), intact]);
  });
  receiver.bind(port, host);
  await once(receiver, 'listening');
  sender.bind(sourcePort, host);
  await once(sender, 'listening');
  for (let sent = 0; sent < count;) {
    for (let index = 0; index < perTick && sent < count; index++, sent++) {
      const message = Buffer.alloc(bytes);
      message.writeUInt32LE(sent, 0);
      message.writeDoubleLE(performance.now(), 4);
      payload.copy(message, HEADER_BYTES);
      sender.send(message, port, host, (error) => (errors += error ? 1 : 0));
    }
    // One turn of the event loop receives 32 datagrams at most: the receiver must keep up.
    for (let turn = 0; turn <= perTick / 16; turn++) await new Promise(setImmediate);
    await delay(intervalMs);
  }
  await delay(waitMs);
  receiver.close();
  sender.close();
  return { sent: count, errors, arrivals };
}

/** Opens connections one after the other; returns the duration of each, ms, or its error code. */
async function connects({ port, host = '127.0.0.1', count = 1, timeoutMs = 1000, listen = true }) {
  const server = listen ? createServer((socket) => socket.on('error', () => {}).end()).listen(port, host) : undefined;
  if (server) await once(server, 'listening');
  const results = [];
  for (let index = 0; index < count; index++) {
    const startMs = performance.now();
    const socket = dial({ port, host });
    const outcome = await Promise.race([
      once(socket, 'connect').then(
        () => performance.now() - startMs,
        (error) => error.code,
      ),
      delay(timeoutMs, 'silence'),
    ]);
    results.push(outcome);
    socket.on('error', () => {});
    socket.destroy();
  }
  server?.close();
  return results;
}

/**
 * Sends bytes over one connection; says how long it took after the first arrived, and whether they are what was sent.
 */
async function stream({ port, host = '127.0.0.1', bytes }) {
  let received = 0;
  let right = true;
  let firstMs;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      firstMs ??= performance.now();
      for (let index = 0; index < chunk.length; index += 1021) right &&= chunk[index] === ((received + index) & 0xff);
      received += chunk.length;
    });
    socket.on('end', () => socket.end());
  }).listen(port, host);
  await once(server, 'listening');
  const socket = dial({ port, host });
  await once(socket, 'connect');
  const block = Buffer.from(Array.from({ length: 65_536 }, (_, index) => index & 0xff));
  for (let sent = 0; sent < bytes; sent += block.length)
    if (!socket.write(block.subarray(0, Math.min(block.length, bytes - sent)))) await once(socket, 'drain');
  socket.end();
  socket.resume();
  await once(socket, 'close');
  server.close();
  return { received, right, ms: performance.now() - firstMs };
}

/** Listens from now on, and accepts all. */
async function serve({ port, host = '127.0.0.1' }) {
  await once(createServer((socket) => socket.on('error', () => {}).resume()).listen(port, host), 'listening');
  return true;
}

/** The message of what verification found wrong, or null. */
async function verified(options) {
  return await verifyLoopback(options).then(
    () => null,
    (error) => (error.code === 'FAULT_NOT_AS_PLANNED' ? error.message : Promise.reject(error)),
  );
}

/** Median lateness of 1 ms timers, ms. */
async function lateness() {
  const late = [];
  for (let index = 0; index < 21; index++) {
    const startMs = performance.now();
    await delay(1);
    late.push(performance.now() - startMs - 1);
  }
  return late.sort((a, b) => a - b)[10];
}

const operations = { lateness, serve, datagrams, connects, stream, verified };
process.on('message', async ({ id, operation, options }) => {
  try {
    process.send({ id, value: await operations[operation](options) });
  } catch (error) {
    process.send({ id, error: String(error?.stack ?? error) });
  }
});
process.on('disconnect', () => process.exit());
process.send('ready');
