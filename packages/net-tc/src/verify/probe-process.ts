import { openConnections } from './open-connections.js';

// `probe` starts this process in the place of the fault: `probe-process.js <host> <port> <count> <timeout ms>`. Prints
// the result as JSON.
const [host = '', port, count, timeoutMs] = process.argv.slice(2);
void openConnections({ host, port: Number(port), count: Number(count), timeoutMs: Number(timeoutMs) }).then((result) =>
  process.stdout.write(JSON.stringify(result)),
);
