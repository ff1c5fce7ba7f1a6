const LANES = [0x9e3779b9, 0x7f4a7c15, 0xf39cc060] as const;

/** Three well mixed 32-bit words from a list of strings. The lengths are hashed too: ['ab', 'c'] is not ['a', 'bc']. */
export function seedWords(parts: readonly string[]): [number, number, number] {
  return [hash(parts, LANES[0]), hash(parts, LANES[1]), hash(parts, LANES[2])];
}

function hash(parts: readonly string[], lane: number): number {
  let state = lane | 0;
  for (const part of parts) {
    state = mix(state, part.length);
    for (let index = 0; index < part.length; index++) state = mix(state, part.charCodeAt(index));
  }
  return avalanche(mix(state, parts.length));
}

function mix(state: number, value: number): number {
  const product = Math.imul(state ^ value, 0x01000193);
  return (((product << 13) | (product >>> 19)) + 0x27d4eb2f) | 0;
}

// Each input bit flips each output bit with a probability near one half (constants: Chris Wellons, "Prospecting for
// hash functions").
function avalanche(value: number): number {
  let state = value ^ (value >>> 16);
  state = Math.imul(state, 0x7feb352d);
  state ^= state >>> 15;
  state = Math.imul(state, 0x846ca68b);
  return state ^ (state >>> 16);
}
