import type { DriverContext, Json, ResolvedConfig } from '@chaos/spec';

/** Where a driver is called: in the slot for seeding, in the worker for operations. */
export interface DriverPlace {
  readonly url: string;
  readonly config: ResolvedConfig;
  /** The address of a service of the target. */
  address(service: string): Json;
  issueToken(claims: Readonly<Record<string, Json>>): Promise<string>;
  readonly signal: AbortSignal;
}

/** What a driver gets to reach the target, and around the links its services. */
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
