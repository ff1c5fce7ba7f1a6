import { closeSync, constants, open, openSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Loaded into a Node.js program under test (NODE_OPTIONS=--import) before its own code. It listens on a socket of the
// file system for orders from outside; each connection is one order, and its end takes the effect back.

/** An order, one line of JSON. */
type Order =
  | { readonly do: 'block'; readonly forMs: number; readonly everyMs: number }
  | { readonly do: 'threads'; readonly fifo: string; readonly count: number }
  | { readonly do: 'memory'; readonly bytes: number }
  | { readonly do: 'kept' };

const path = process.env['CHAOS_INSIDE'];
// Children of the program do not need it.
delete process.env['CHAOS_INSIDE'];

function spin(forMs: number): void {
  for (const untilMs = performance.now() + forMs; performance.now() < untilMs;);
}

function block(socket: Socket, { forMs, everyMs }: { readonly forMs: number; readonly everyMs: number }): void {
  let blocked = 0;
  const turn = (): void => {
    spin(forMs);
    socket.write(`${++blocked}\n`);
  };
  const timer = setInterval(turn, everyMs);
  socket.once('close', () => clearInterval(timer));
  setImmediate(turn);
}

// Opening a pipe that nobody writes to waits in a thread of the pool, at no cost.
function holdThreads(socket: Socket, { fifo, count }: { readonly fifo: string; readonly count: number }): void {
  let left = count;
  for (let index = 0; index < count; index++) {
    open(fifo, 'r', (error, descriptor) => {
      if (error === null) closeSync(descriptor);
      left--;
    });
  }
  socket.once('close', () => {
    // A writer lets all of them go; those that were still in the queue come later and need another one.
    const release = setInterval(() => {
      if (left === 0) return clearInterval(release);
      try {
        closeSync(openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK));
      } catch {
        // Nobody waits on it at this moment.
      }
    }, 5);
  });
  socket.write(`${count}\n`);
}

function takeMemory(socket: Socket, { bytes }: { readonly bytes: number }): void {
  const chunk = 1 << 20;
  let chunks: Buffer[] = [];
  // In steps, so that requests are answered in between.
  const step = (): void => {
    if (socket.destroyed) return;
    chunks.push(Buffer.alloc(chunk, 1));
    socket.write(`${chunks.length}\n`);
    if (chunks.length * chunk < bytes) setImmediate(step);
  };
  socket.once('close', () => {
    chunks = [];
  });
  step();
}

function tellKept(socket: Socket): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  socket.write(`${heapUsed + external}\n`);
}

function obey(socket: Socket, order: Order): void {
  if (order.do === 'block') block(socket, order);
  else if (order.do === 'threads') holdThreads(socket, order);
  else if (order.do === 'memory') takeMemory(socket, order);
  else tellKept(socket);
}

if (path !== undefined && path !== '') {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.setEncoding('utf8').once('data', (line) => obey(socket, JSON.parse(String(line)) as Order));
    socket.unref();
  });
  server.on('error', () => {});
  server.listen(path);
  server.unref();
}
