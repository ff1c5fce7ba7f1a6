import { openConnections } from './open-connections.js';

// Started where the fault is, by `probe`: `probe-process.js <host> <port> <count> <timeout ms>`. Prints what came of it
// as JSON.
const [host = '', port, count, timeoutMs] = process.argv.slice(2);
void openConnections({ host, port: Number(port), count: Number(count), timeoutMs: Number(timeoutMs) }).then((result) =>
  process.stdout.write(JSON.stringify(result)),
);
