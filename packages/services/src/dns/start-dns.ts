import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode, type Packet, type StringAnswer } from 'dns-packet';
import { EnvironmentError } from '@chaos/spec';
import { createDnsFaults, type AnswerPlan } from './dns-faults.js';
import type { DnsServer } from './dns-server.js';

/** Names to serve, and the address to listen on. */
export interface StartDnsOptions {
  /** IPv4 addresses by name. Any other name does not exist. */
  readonly names: Readonly<Record<string, string>>;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 53, the only port that `resolv.conf` supports; 0 takes a free one. */
  readonly port?: number;
  /** Time to live of answers. Default 0: clients ask again each time. */
  readonly ttlSeconds?: number;
}

// RCODEs of RFC 1035 §4.1.1; dns-packet takes them as the low bits of the flags.
const RCODE = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };
const AUTHORITATIVE = 1 << 10;

/**
 * Starts a name server (UDP) that knows a few names and their IPv4 addresses.
 *
 * @throws EnvironmentError where the port cannot be had
 */
export async function startDns(options: StartDnsOptions): Promise<DnsServer> {
  const { names, host, port, ttlSeconds } = { host: '127.0.0.1', port: 53, ttlSeconds: 0, ...options };
  const faults = createDnsFaults(Object.keys(names));
  const asked = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  const socket = createSocket('udp4');
  socket.on('message', (message, client) => {
    const query = parse(message);
    const [question] = query?.questions ?? [];
    if (!query || !question) return;
    const name = question.name.toLowerCase();
    if (question.type === 'A') asked.set(name, (asked.get(name) ?? 0) + 1);
    const plan = faults.planFor(name);
    if (plan.silent) return;
    const known = Object.hasOwn(names, name) ? names[name] : undefined;
    const response = answer(query, { name, type: question.type, known, plan, ttlSeconds });
    const timer = setTimeout(() => {
      timers.delete(timer);
      socket.send(response, client.port, client.address, () => undefined);
    }, plan.delayMs);
    timers.add(timer);
  });
  await listen(socket, port, host);

  let closing: Promise<void> | undefined;
  return {
    host,
    port: socket.address().port,
    names,
    queries: (name) =>
      name === undefined
        ? [...asked.values()].reduce((sum, count) => sum + count, 0)
        : (asked.get(name.toLowerCase()) ?? 0),
    async ready() {
      for (const name of Object.keys(names)) {
        const { silent, code } = faults.planFor(name);
        if (silent || code !== 'NOERROR')
          throw new EnvironmentError(`Cannot use the name ${name}: a fault is in force`);
      }
    },
    async reset() {
      faults.healAll();
      asked.clear();
    },
    fail: faults.fail,
    slow: faults.slow,
    wrong: faults.wrong,
    silent: faults.silent,
    flap: faults.flap,
    [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer);
      closing ??= new Promise((resolve) => socket.close(() => resolve()));
      return closing;
    },
  };
}

/** A question, and what to say to it. */
interface Asked {
  readonly name: string;
  readonly type: string;
  /** Its address; `undefined` if the name does not exist. */
  readonly known: string | undefined;
  readonly plan: AnswerPlan;
  readonly ttlSeconds: number;
}

function answer(query: Packet, { name, type, known, plan, ttlSeconds }: Asked): Buffer {
  const code = plan.code === 'NOERROR' && known === undefined ? 'NXDOMAIN' : plan.code;
  const answers: StringAnswer[] =
    code === 'NOERROR' && type === 'A'
      ? [{ type: 'A', name, ttl: ttlSeconds, data: plan.address ?? (known as string) }]
      : [];
  return encode({
    type: 'response',
    id: query.id ?? 0,
    flags: AUTHORITATIVE | ((query.flags ?? 0) & 0x0100) | RCODE[code],
    questions: query.questions ?? [],
    answers,
  });
}

async function listen(socket: Socket, port: number, host: string): Promise<void> {
  socket.bind(port, host);
  await once(socket, 'listening').catch((cause: Error) => {
    throw new EnvironmentError(`Cannot serve names on ${host}:${port}: ${cause.message}`, {
      cause,
      hint: 'Ports below 1024 need a privilege, which a sandboxed slot has.',
    });
  });
}

// Ignores messages that are no queries.
function parse(message: Buffer): Packet | undefined {
  try {
    return decode(message);
  } catch {
    return undefined;
  }
}
