/** Services that a first configuration can have. */
export type InitService = 'postgres' | 'redis' | 'jwks';

/** Services as people call them. */
export const TITLES: Readonly<Record<InitService, string>> = {
  postgres: 'PostgreSQL',
  redis: 'Redis',
  jwks: 'the token issuer',
};
