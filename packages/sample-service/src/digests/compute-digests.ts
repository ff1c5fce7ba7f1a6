import { createHash } from 'node:crypto';
import type { DigestTable } from './digest-table.js';

/** Texts to digest. */
export interface DigestOrder {
  readonly texts: readonly string[];
  /** So many times the digest is digested again, which makes it as slow as one likes. */
  readonly rounds: number;
}

/** Digests in the order of the texts, in hex, and how many of them were in the table. */
export interface DigestAnswer {
  readonly digests: readonly string[];
  readonly hits: number;
}

/** Digests texts, those that are in the table excepted. */
export function computeDigests({ texts, rounds }: DigestOrder, table: DigestTable): DigestAnswer {
  let hits = 0;
  const digests = texts.map((text) => {
    const key = createHash('sha256').update(`${rounds}:${text}`).digest();
    const known = table.get(key);
    if (known !== undefined) {
      hits += 1;
      return Buffer.from(known).toString('hex');
    }
    let digest = createHash('sha256').update(text).digest();
    for (let round = 0; round < rounds; round += 1) digest = createHash('sha256').update(digest).digest();
    table.set(key, digest);
    return digest.toString('hex');
  });
  return { digests, hits };
}
