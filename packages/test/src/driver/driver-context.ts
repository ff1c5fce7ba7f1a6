import type { DriverContext, Json, ResolvedConfig } from '@chaos/spec';

/** Place that calls a driver: the slot for seeding, the worker for operations. */
export interface DriverPlace {
  readonly url: string;
  readonly config: ResolvedConfig;
  /** The address of a service of the target. */
  address(service: string): Json;
  issueToken(claims: Readonly<Record<string, Json>>): Promise<string>;
  readonly signal: AbortSignal;
}

/** Context for a driver: access to the target, and to its services without their links. */
export function driverContext(place: DriverPlace): DriverContext {
  const { url, config } = place;
  const urls = config.target.services.map((name): [string, string] => [
    name,
    (place.address(name) as { readonly url: string }).url,
  ]);
  return {
    url,
    ...Object.fromEntries(urls.map(([name, direct]) => [`${name}Url`, direct])),
    urls: Object.fromEntries(urls),
    config,
    issueToken: (claims = {}) => place.issueToken(claims),
    get signal() {
      return place.signal;
    },
  };
}
