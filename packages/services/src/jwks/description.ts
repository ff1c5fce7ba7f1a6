import type { ServiceDescription } from '@chaos/spec';

/** The issuer for the configuration. */
export const jwksDescription: ServiceDescription<'jwks'> = {
  name: 'jwks',
  title: 'JWKS issuer',
  protocols: { 'http:': 80, 'https:': 443 },
  placeholders: ['issuer', 'audience'],
};
