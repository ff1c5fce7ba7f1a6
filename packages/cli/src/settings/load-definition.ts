import type { FetchedCapability } from '@chaos/programs';
import type { ResolvedConfig, ServiceCapability, ServiceDefinition } from '@chaos/spec';

/** Imports a module that defines a user's service, by its absolute path, and returns its default export. */
export async function loadDefinition(file: string, tsconfig?: string): Promise<unknown> {
  // Bundled into the command, as for `chaos.config.ts`.
  const { loadInTime, useTsconfig } = await import('@chaos/runner/run');
  if (tsconfig !== undefined) useTsconfig(tsconfig);
  return (await loadInTime(file))['default'];
}

// A record, so that none is forgotten.
const FETCHED: Readonly<Record<FetchedCapability, true>> = { faketime: true, strace: true };

/**
 * Returns the capabilities that the user's own services look for on this machine, and those for which programs are
 * fetched. Loads none of the user's files if there are no such services.
 */
export async function ownCapabilities({ services }: ResolvedConfig): Promise<readonly ServiceCapability[]> {
  const files = Object.values(services).flatMap(({ definition }) => definition ?? []);
  const definitions = await Promise.all(files.map((file) => loadDefinition(file)));
  const own = definitions.flatMap((definition) => (definition as ServiceDefinition).capability ?? []);
  return [...own, ...(Object.keys(FETCHED) as FetchedCapability[]).map(fetched)];
}

// What fetches programs is imported by a run that asks for one: with the loader of ES modules it would be a tenth of
// the start of any other.
function fetched(name: FetchedCapability): ServiceCapability {
  return {
    name,
    async detect(signal) {
      const { fetchedCapabilities } = await import('@chaos/programs');
      return fetchedCapabilities()
        .find((capability) => capability.name === name)!
        .detect(signal);
    },
  };
}
