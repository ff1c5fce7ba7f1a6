/** Names of the services that ship with chaos; a `test` with further services accepts these, too. */
export type ShippedService = 'postgres' | 'redis' | 'jwks';
