import { connect } from 'node:net';

/** Where to, how many, and how long each may take. */
export interface Attempts {
  readonly host: string;
  readonly port: number;
  readonly count: number;
  readonly timeoutMs: number;
}

/** A lost SYN does not hold up the others, and what a slow processor takes for a burst is not much of a delay. */
const GAP_MS = 1;
const BURST = 4;

/**
 * Opens connections and ends them by RST, so that nothing of them stays. How long each took, ms, or the code of its
 * error: `ETIMEDOUT` for silence.
 */
export async function openConnections({ count, ...where }: Attempts): Promise<readonly (number | string)[]> {
  const attempts: Promise<number | string>[] = [];
  while (attempts.length < count) {
    for (let index = 0; index < BURST && attempts.length < count; index++) attempts.push(open(where));
    await new Promise((resolve) => setTimeout(resolve, GAP_MS));
  }
  return await Promise.all(attempts);
}

function open({ host, port, timeoutMs }: Omit<Attempts, 'count'>): Promise<number | string> {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (outcome: number | string): void => {
      clearTimeout(patience);
      // A reset would wait until the connection is there.
      if (socket.connecting) socket.destroy();
      else socket.resetAndDestroy();
      resolve(outcome);
    };
    // One more turn: an answer that came while this process was held up is no silence.
    const patience = setTimeout(() => setImmediate(() => end('ETIMEDOUT')), timeoutMs);
    socket
      .once('connect', () => end(performance.now() - startMs))
      .on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
