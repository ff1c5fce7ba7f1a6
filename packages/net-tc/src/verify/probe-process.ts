import { connect } from 'node:net';

// Started where the fault is, by `probe`: `probe-process.js <host> <port> <count> <timeout ms>`. Opens connections, one every few ms so that a lost SYN does not
// hold up the others, and prints how long each took, or the code of its error, as JSON.

const [host = '', port, count, timeoutMs] = process.argv.slice(2);

function open(): Promise<number | string> {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    const end = (outcome: number | string): void => {
      clearTimeout(patience);
      socket.destroy();
      resolve(outcome);
    };
    const patience = setTimeout(() => end('ETIMEDOUT'), Number(timeoutMs));
    socket.once('connect', () => end(performance.now() - startMs)).on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

const GAP_MS = 3;
const attempts: Promise<number | string>[] = [];
const timer = setInterval(() => {
  attempts.push(open());
  if (attempts.length < Number(count)) return;
  clearInterval(timer);
  void Promise.all(attempts).then((outcomes) => process.stdout.write(JSON.stringify(outcomes)));
}, GAP_MS);
