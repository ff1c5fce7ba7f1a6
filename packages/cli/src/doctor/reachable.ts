import { connect } from 'node:net';
import type { Check } from './check.js';

const TIMEOUT_MS = 3_000;

/** Checks that a server listens at a configured URL. */
export function checkReachable(
  name: string,
  url: string,
  defaultPorts: Readonly<Record<string, number>>,
): Promise<Check> {
  const { hostname, port, protocol } = new URL(url);
  const number = Number(port) || (defaultPorts[protocol] ?? 0);
  const address = `${hostname}:${number}`;
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: number, timeout: TIMEOUT_MS });
    const end = (check: Omit<Check, 'name'>): void => {
      socket.destroy();
      resolve({ name, ...check });
    };
    const unreachable = (why: string): void =>
      end({
        status: 'fail',
        detail: `Cannot reach ${address}: ${why}`,
        fix: 'Start it, or correct its url in chaos.yaml.',
      });
    socket.on('connect', () => end({ status: 'ok', detail: `reached at ${address}` }));
    socket.on('timeout', () => unreachable(`no answer within ${TIMEOUT_MS} ms`));
    socket.on('error', (error) => unreachable(error.message));
  });
}
