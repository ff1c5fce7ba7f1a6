import type { Toxic } from '../toxic.js';

/** Changes nothing. */
export function noop(): Toxic {
  return { type: 'noop', attach: (wire) => ({ chunk: (chunk) => wire.forward(chunk) }) };
}
