/** The names of the services that ship with chaos; a `test` with others knows theirs, too. */
export type ShippedService = 'postgres' | 'redis' | 'jwks';
