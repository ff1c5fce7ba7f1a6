import { promisify } from 'node:util';
import { InvariantViolation } from '@chaos/spec';
import type { Answer } from './exchange.js';

type Decode = (body: Buffer) => Promise<Buffer>;

/**
 * The body as it was before the service packed it, by gzip, deflate or br.
 *
 * @throws InvariantViolation where it is packed otherwise than its header says
 */
export async function decoded({ headers, body }: Answer, name: string): Promise<Buffer> {
  const coding = headers['content-encoding'];
  if (coding === undefined || body.length === 0) return body;
  const { gunzip, inflate, brotliDecompress } = await import('node:zlib');
  const decoders: Readonly<Record<string, Decode>> = {
    gzip: promisify(gunzip),
    'x-gzip': promisify(gunzip),
    deflate: promisify(inflate),
    br: promisify(brotliDecompress),
    identity: (same) => Promise.resolve(same),
  };
  // The last coding was applied last.
  let plain = body;
  for (const one of coding.toLowerCase().split(',').reverse()) {
    const decode = decoders[one.trim()];
    if (!decode)
      throw new InvariantViolation(`${name} answered with the content coding ${one}, which nobody asked for`);
    plain = await decode(plain).catch((cause: unknown) => {
      throw new InvariantViolation(`${name} answered with a body that is no ${one}`, { cause });
    });
  }
  return plain;
}
