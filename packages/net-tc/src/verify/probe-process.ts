import { openConnections } from './open-connections.js';

// Started where the fault is, by `probe`: `probe-process.js <host> <port> <count> <timeout ms>`. Prints the outcomes as
// JSON.
const [host = '', port, count, timeoutMs] = process.argv.slice(2);
void openConnections({ host, port: Number(port), count: Number(count), timeoutMs: Number(timeoutMs) }).then(
  (outcomes) => process.stdout.write(JSON.stringify(outcomes)),
);
