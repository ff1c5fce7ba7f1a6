import { connect } from 'node:net';

/** Destination, number and timeout of the attempts. */
export interface Attempts {
  readonly host: string;
  readonly port: number;
  readonly count: number;
  readonly timeoutMs: number;
  /** Also opens this many connections to the control port, in turns with the others. */
  readonly controlPort?: number | undefined;
}

/** Duration of an attempt in ms, or its error code: `ETIMEDOUT` if no answer came. */
export type Outcome = number | string;

/** The outcomes of attempts, in their order. */
export interface Outcomes {
  readonly outcomes: readonly Outcome[];
  /** Outcomes of attempts at the control port. */
  readonly control: readonly Outcome[];
  /** The longest time, ms, that this process was held up meanwhile. */
  readonly heldUpMs: number;
}

/** Start a few at a time: a lost SYN does not hold up the others, and a burst on a slow processor adds little delay. */
const GAP_MS = 1;
const BURST = 4;
/** More at a time would keep a small machine so busy that answers come late. */
const MOST_UNDER_WAY = 128;

/** Opens connections and ends them by RST, so that nothing of them stays. */
export async function openConnections({ count, controlPort, ...where }: Attempts): Promise<Outcomes> {
  const attempts: Promise<Outcome>[] = [];
  const control: Promise<Outcome>[] = [];
  let underWay = 0;
  let heldUpMs = 0;
  const start = (port: number, list: Promise<Outcome>[]): void => {
    underWay++;
    list.push(open({ ...where, port }).finally(() => underWay--));
  };
  const pair = [
    () => start(where.port, attempts),
    ...(controlPort === undefined ? [] : [() => start(controlPort, control)]),
  ];
  while (attempts.length < count || underWay > 0) {
    for (let index = 0; index < BURST && attempts.length < count && underWay < MOST_UNDER_WAY; index++) {
      for (const one of pair) one();
      // Alternate the order, so that any effect of being first hits both equally.
      pair.reverse();
    }
    const startMs = performance.now();
    await new Promise((resolve) => setTimeout(resolve, GAP_MS));
    heldUpMs = Math.max(heldUpMs, performance.now() - startMs - GAP_MS);
  }
  return { outcomes: await Promise.all(attempts), control: await Promise.all(control), heldUpMs };
}

function open({ host, port, timeoutMs }: Omit<Attempts, 'count'>): Promise<Outcome> {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (outcome: Outcome): void => {
      clearTimeout(patience);
      // A reset would wait until the connection is there.
      if (socket.connecting) socket.destroy();
      else socket.resetAndDestroy();
      resolve(outcome);
    };
    // Wait for one more turn: an answer that came while this process was held up is not a timeout.
    const patience = setTimeout(() => setImmediate(() => end('ETIMEDOUT')), timeoutMs);
    socket
      .once('connect', () => end(performance.now() - startMs))
      .on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
