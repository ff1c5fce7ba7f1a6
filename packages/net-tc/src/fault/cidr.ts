import { isIP } from 'node:net';

/** A block of addresses; `text` is its one canonical form: no host bits, no prefix length for a single host. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly prefixLength: number;
  readonly text: string;
}

/** Parses an address or CIDR block. @throws RangeError for anything else, with the value. */
export function parseCidr(value: string): Cidr {
  const fail = (): never => {
    throw new RangeError(
      `Cannot match a host: ${JSON.stringify(value)} is neither an IP address nor a CIDR block such as ` +
        '10.0.0.0/8 (names have to be resolved first)',
    );
  };
  const [, address, length] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(value) ?? fail();
  const family = isIP(address ?? '');
  if (family !== 4 && family !== 6) return fail();
  const bits = family === 4 ? 32 : 128;
  const prefixLength = length === undefined ? bits : Number(length);
  if (prefixLength > bits) fail();
  const host = BigInt(bits - prefixLength);
  const first = (toInteger(address ?? '', family) >> host) << host;
  return {
    family,
    first,
    prefixLength,
    text: toText(first, family) + (prefixLength === bits ? '' : `/${prefixLength}`),
  };
}

/** Sorts the blocks and drops those that lie inside another one. */
export function mergeCidrs(blocks: readonly Cidr[]): readonly Cidr[] {
  const within = (inner: Cidr, outer: Cidr): boolean => {
    const host = BigInt((outer.family === 4 ? 32 : 128) - outer.prefixLength);
    return (
      inner.family === outer.family &&
      inner.prefixLength >= outer.prefixLength &&
      inner.first >> host === outer.first >> host
    );
  };
  const unique = blocks.filter(
    (block, index) =>
      !blocks.some(
        (other, at) =>
          at !== index && within(block, other) && (block.prefixLength !== other.prefixLength || at < index),
      ),
  );
  return unique.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.prefixLength - b.prefixLength));
}

function toInteger(address: string, family: 4 | 6): bigint {
  if (family === 4) return address.split('.').reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  // `URL` knows all ways to write one, also ::ffff:1.2.3.4, and gives hexadecimal groups with at most one `::`.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string): readonly string[] => (text === '' ? [] : text.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  return all.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

function toText(value: bigint, family: 4 | 6): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
