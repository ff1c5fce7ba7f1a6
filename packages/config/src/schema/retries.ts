import { choice, decimal, section, whole, type About, type Node } from '../schema-node.js';
import { MAX_MS } from './values.js';

/** Retry settings of failed tests; `about` adds details for a key in this place. */
export const retries = (description: string, about: (key: string) => Partial<About>): Node =>
  section(
    description,
    {
      count: whole(0, 100, { description: 'Number of retries. `retries: 2` sets only this.', ...about('count') }),
      delay_ms: whole(0, MAX_MS, { description: 'Delay before the first retry.', ...about('delay_ms') }),
      backoff: decimal(1, 100, {
        description: 'Factor by which the delay grows with each attempt.',
        ...about('backoff'),
      }),
      jitter: decimal(0, 1, { description: 'Share by which each delay is spread, up and down.', ...about('jitter') }),
      timeout_factor: decimal(1, 100, {
        description: 'Factor by which time-outs grow with each attempt.',
        ...about('timeout_factor'),
      }),
      placement: choice(['immediate', 'end'], {
        description: 'When: next, or after all tests that have not run yet.',
        ...about('placement'),
      }),
      isolation: choice(['same', 'fresh', 'alone'], {
        description: 'Where: in the same worker, in a fresh one, or in a fresh one while nothing else runs.',
        ...about('isolation'),
      }),
    },
    { shorthand: 'count' },
  );
