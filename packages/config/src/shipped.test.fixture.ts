import type { ServiceDescription } from '@chaos/spec';

/** Services as those that ship with chaos describe themselves. */
export const SHIPPED: readonly ServiceDescription[] = [
  { name: 'postgres', title: 'PostgreSQL', protocols: { 'postgres:': 5432, 'postgresql:': 5432 } },
  { name: 'redis', title: 'Redis', protocols: { 'redis:': 6379, 'rediss:': 6379 } },
  { name: 'jwks', title: 'JWKS', protocols: { 'http:': 80 }, placeholders: ['issuer', 'audience'] },
];

/** Schema for configurations without a user's own services. */
export async function loadNothing(file: string): Promise<never> {
  throw new Error(`nobody asked for ${file}`);
}
