import * as v from 'valibot';
import { section, setting, whole, type Node } from '../schema-node.js';
import { MAX_MS } from './values.js';

const service = (description: string, protocols: readonly string[]): Node =>
  section(description, {
    url: setting(
      v.pipe(
        v.string(),
        v.check((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol)),
      ),
      {
        description: 'Use this one instead of starting one; faults that need its process are refused then.',
        allowed: `a URL with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
        defaultText: 'started for each slot',
      },
    ),
    start_timeout_ms: whole(1, MAX_MS, { description: 'Budget for getting ready.' }),
  });

/** What the target depends on. */
export const services: Node = section('What the target depends on.', {
  postgres: service('PostgreSQL.', ['postgres:', 'postgresql:']),
  redis: service('Redis or Valkey.', ['redis:', 'rediss:']),
  jwks: service('The JWKS issuer.', ['http:', 'https:']),
});
