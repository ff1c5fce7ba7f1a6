import { createServer } from 'node:net';

// The first byte of a connection says what it is for: E echoes, S<16 digits> swallows so many bytes and then answers k,
// R<16 digits> swallows slowly.
const PAUSE_BYTES = 1024 * 1024;

const server = createServer({ noDelay: true }, (socket) => {
  let left = -1;
  let slow = false;
  let quota = PAUSE_BYTES;
  socket.on('error', () => {});
  socket.once('data', (first) => {
    const kind = String.fromCharCode(first[0]);
    if (kind === 'E') {
      if (first.length > 1) socket.write(first.subarray(1));
      return socket.on('data', (data) => socket.write(data));
    }
    slow = kind === 'R';
    left = Number(first.subarray(1, 17).toString());
    take(first.length - 17);
    socket.on('data', (data) => take(data.length));
  });
  function take(bytes) {
    left -= bytes;
    if (left <= 0) socket.write('k');
    if (!slow) return;
    quota -= bytes;
    if (quota > 0) return;
    quota = PAUSE_BYTES;
    socket.pause();
    setTimeout(() => socket.resume(), 10);
  }
});

server.listen(0, '127.0.0.1', 16_384);
process.on('message', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());
