import fc, { type Arbitrary } from 'fast-check';

/** Any code point but half a surrogate pair. The unit "binary" of fast-check makes a table of all first, in seconds. */
export const anyCharacter: Arbitrary<string> = fc
  .oneof(fc.integer({ min: 0, max: 0xd7_ff }), fc.integer({ min: 0xe0_00, max: 0x10_ff_ff }))
  .map((code) => String.fromCodePoint(code));
