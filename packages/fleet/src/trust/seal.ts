import { createHmac, timingSafeEqual } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

/** Longest text that a sealed entry may unpack to, bytes: a stranger could send a bomb. */
const MOST_BYTES = 2 ** 28;

/** Signs what goes into the store, and takes from it only what is signed. */
export interface Seal {
  /** Packs and signs a value of a place, such as `run/manifest`: it is valid nowhere else. */
  close(place: string, value: unknown): string;
  /** Unpacks a value; `undefined` if it is not signed with this key for this place, whatever it may be. */
  open<T>(place: string, text: unknown): T | undefined;
  /** Digest of a text that nobody without the key can compute: it gives nothing away about a secret in it. */
  digest(text: string): string;
}

/**
 * A seal with the key of a fleet: everybody who has the key may have code run by its agents. HMAC-SHA256 over place and
 * content.
 *
 * @example
 * ```ts
 * const seal = sealWith('0123456789abcdef');
 * seal.open('run/a', seal.close('run/a', { ok: true })); // { ok: true }
 * seal.open('run/b', seal.close('run/a', { ok: true })); // undefined
 * ```
 */
export function sealWith(key: string): Seal {
  const mac = (place: string, content: Buffer): Buffer =>
    createHmac('sha256', key).update(`${place.length}:${place}`).update(content).digest();
  return {
    close(place, value) {
      const content = gzipSync(JSON.stringify(value), { level: 1 });
      return Buffer.concat([mac(place, content), content]).toString('base64');
    },
    open<T>(place: string, text: unknown): T | undefined {
      if (typeof text !== 'string') return undefined;
      const bytes = Buffer.from(text, 'base64');
      if (bytes.length <= 32) return undefined;
      const content = bytes.subarray(32);
      if (!timingSafeEqual(bytes.subarray(0, 32), mac(place, content))) return undefined;
      return JSON.parse(gunzipSync(content, { maxOutputLength: MOST_BYTES }).toString('utf8')) as T;
    },
    digest: (text) => createHmac('sha256', key).update(`digest:${text}`).digest('hex'),
  };
}
