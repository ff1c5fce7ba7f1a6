import { connect } from 'node:net';

const held = [];

/** Opens connections that stay; each has been through once. Says how many made it. */
export async function idle({ port, count }) {
  let failed = 0;
  const openOne = () =>
    new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' }, () => socket.write('Ex'));
      socket.once('data', () => (held.push(socket), resolve()));
      socket.on('error', () => {});
      socket.once('close', () => (held.includes(socket) || failed++, resolve()));
    });
  for (let opened = 0; opened < count; opened += 100)
    await Promise.all(Array.from({ length: Math.min(100, count - opened) }, openOne));
  return { open: held.length, failed };
}

/** Counts the held connections that still answer. */
export async function isAlive() {
  let answered = 0;
  await Promise.all(
    held.map(
      (socket) =>
        new Promise(
          (resolve) => (socket.once('data', () => (answered++, resolve())).once('close', resolve), socket.write('?')),
        ),
    ),
  );
  return { answered };
}

export async function letGo() {
  for (const socket of held.splice(0)) socket.destroy();
  return {};
}
