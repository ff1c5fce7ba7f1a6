import type { SilencingToxic } from '../toxic.js';

/**
 * Bytes, ends and resets vanish; connections hang. With it in both directions new connections are accepted and never
 * answered, and the upstream is not dialled. On removal the connections that lost something are reset, since their
 * stream has a hole; the others go on, and those that were not dialled yet are.
 */
export function blackhole(): SilencingToxic {
  return {
    type: 'blackhole',
    silences: true,
    attach: (wire) => ({ chunk: (chunk) => wire.drop(chunk), end: () => wire.drop(), abort: () => wire.drop() }),
  };
}
