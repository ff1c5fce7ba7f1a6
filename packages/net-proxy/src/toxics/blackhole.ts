import type { SilencingToxic } from '../toxic.js';

/**
 * Discards bytes, ends and resets; connections hang. In both directions, new connections are accepted and never
 * answered, and the upstream is not dialled. On removal, connections that lost data are reset, because their stream has
 * a hole; the others continue, and those not dialled yet are dialled.
 */
export function blackhole(): SilencingToxic {
  return {
    type: 'blackhole',
    silences: true,
    attach: (wire) => ({ chunk: (chunk) => wire.drop(chunk), end: () => wire.drop(), abort: () => wire.drop() }),
  };
}
