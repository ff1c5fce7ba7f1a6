import type { CryptoKey, JWK } from 'jose';

/** The public keys of the issuer by their id. */
export type Keys = ReadonlyMap<string, CryptoKey>;

const MAX_BYTES = 256 * 1024;

/** Fetches and imports a JSON Web Key Set. Bounded in time and in size; a set without one usable key is an error. */
export async function fetchKeys(url: string, timeoutMs: number): Promise<Keys> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
    headers: { accept: 'application/json' },
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the issuer answered ${response.status}`);
  }
  const { keys } = JSON.parse(await readLimited(response)) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('the issuer answered no key set');

  const { importJWK } = await import('jose');
  const usable = (keys as JWK[]).filter((key) => typeof key.kid === 'string' && key.kty !== 'oct' && key.use !== 'enc');
  const imported = await Promise.allSettled(
    usable.map(async (key) => [key.kid as string, (await importJWK(key, key.alg ?? 'ES256')) as CryptoKey] as const),
  );
  const result = new Map(imported.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  if (result.size === 0) throw new Error('the key set of the issuer has no usable key');
  return result;
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new Error(`the key set of the issuer is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
