import { connect } from 'node:net';
import { EnvironmentError, type RunningService, type ServiceDefinition } from '@chaos/spec';
import { endpointOf } from './endpoint.js';

interface Dependency extends RunningService {
  readonly url: string;
}

const PORTS = { 'http:': 80, 'https:': 443 };

/** A dependency that nobody starts, as a service: it has to be reachable, and nothing in it is reset. */
export function dependency(name: string, speaks: 'tcp' | 'http'): ServiceDefinition {
  const definition: ServiceDefinition<string, Dependency> = {
    name,
    title: name,
    protocols: speaks === 'http' ? PORTS : { 'tcp:': 0 },
    start: () => Promise.reject(new TypeError(`Cannot start ${name}: it is a dependency that is not ours`)),
    async use({ startTimeoutMs }, url, signal) {
      const { host, port } = endpointOf(url, PORTS);
      const ready = (waiting: AbortSignal): Promise<void> =>
        reach(name, { host, port, timeoutMs: startTimeoutMs }, waiting);
      await ready(signal);
      return { url, ready, reset: async () => {}, [Symbol.asyncDispose]: async () => {} };
    },
    address: ({ url }) => ({ url }),
    faults: {},
    methods: {},
  };
  return definition as unknown as ServiceDefinition;
}

function reach(
  name: string,
  { host, port, timeoutMs }: { readonly host: string; readonly port: number; readonly timeoutMs: number },
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    const fail = (why: string, cause?: Error): void => {
      socket.destroy();
      if (signal.aborted) return reject(signal.reason as Error);
      reject(
        new EnvironmentError(`Cannot reach the dependency ${name} at ${host}:${port}: ${why}`, {
          hint: `Start it, or correct dependencies.${name} in chaos.yaml.`,
          cause,
        }),
      );
    };
    socket.setTimeout(timeoutMs, () => fail(`no answer within ${timeoutMs} ms`));
    socket.once('error', (error) => fail(error.message, error));
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
