import { UsageError } from '@chaos/spec';

/** Loads `@chaos/fleet`, which only those install who run over many machines. */
export async function loadFleet(): Promise<typeof import('@chaos/fleet')> {
  try {
    return await import('@chaos/fleet');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new UsageError('Cannot use a fleet: @chaos/fleet is not installed', {
      cause,
      hint: 'npm install --save-dev @chaos/fleet, on the machines of the agents, too.',
    });
  }
}
