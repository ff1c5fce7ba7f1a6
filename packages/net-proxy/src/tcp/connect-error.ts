import { ChaosError } from '@chaos/spec';
import type { Address } from './listener.js';

/** Classifies a failed connect: `DESCRIPTORS_EXHAUSTED` or `UPSTREAM_UNREACHABLE`. */
export function connectError(what: 'accept' | 'dial', cause: Error, { host, port }: Address): ChaosError {
  const { code = cause.message } = cause as NodeJS.ErrnoException;
  if (code === 'EMFILE' || code === 'ENFILE') {
    return new ChaosError(
      'DESCRIPTORS_EXHAUSTED',
      `Cannot ${what} a connection${what === 'dial' ? ` to ${host}:${port}` : ` on ${host}:${port}`}: ${code}, no file descriptor is left`,
      {
        hint: 'Raise the limit (ulimit -n); a connection through a proxy takes two. Those that are open live on.',
        data: { host, port },
        cause,
      },
    );
  }
  return new ChaosError('UPSTREAM_UNREACHABLE', `Cannot ${what} ${host}:${port}: ${code}`, {
    data: { host, port },
    cause,
  });
}
