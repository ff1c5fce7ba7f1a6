// RFC 9110 7.6.1: these are between two neighbours.
const BETWEEN_NEIGHBOURS = new Set([
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
]);

/** Header fields as they were sent: a name, its value, the next name … */
export type RawFields = readonly string[];

/** What is known of a request before its body. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** `1.0` or `1.1`. */
  readonly version: string;
  readonly fields: RawFields;
}

/** The fields to pass on, or why two readers could take the request for two things. */
export type ReadFields =
  { readonly fields: readonly string[]; readonly hasBody: boolean } | { readonly refused: string };

/**
 * Judges a request that Node's strict parser has accepted, and returns its fields for the upstream, of which exactly
 * one says how long the body is.
 */
export function readRequest({ method, target, version, fields }: RequestHead, host: string): ReadFields {
  if (version !== '1.1' && version !== '1.0') return { refused: `version ${version}` };
  if (!target.startsWith('/') && !(target === '*' && method === 'OPTIONS'))
    return { refused: 'a target that is no path' };
  const { kept, refused } = readFields(fields, ['host']);
  if (refused !== undefined) return { refused };
  const lengths = kept.filter((name, at) => at % 2 === 0 && isLength(name.toLowerCase()));
  const isChunked = lengths.some((name) => name.toLowerCase() === 'transfer-encoding');
  if (version === '1.0' && isChunked) return { refused: 'Transfer-Encoding of HTTP/1.0' };
  const hasBody = lengths.length > 0;
  // Without it Node would send an empty body in chunks.
  const isEmpty = !hasBody && ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method);
  return { fields: ['Host', host, ...kept, ...(isEmpty ? ['Content-Length', '0'] : [])], hasBody };
}

/**
 * The fields of an answer to pass on, or why two readers could take it for two things; Node says anew how its body
 * ends.
 */
export function readAnswer(raw: RawFields): { readonly fields: string[] } | { readonly refused: string } {
  const { kept, refused } = readFields(raw);
  if (refused !== undefined) return { refused };
  const fields = kept.filter((_, at) => kept[at - (at % 2)]?.toLowerCase() !== 'transfer-encoding');
  return { fields };
}

// Without those between neighbours and those that are left out; a message has one length at most.
function readFields(
  raw: RawFields,
  leftOut: readonly string[] = [],
): { readonly kept: string[]; readonly refused?: string } {
  const kept: string[] = [];
  const seen = new Set<string>();
  for (let at = 0; at < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]];
    const lower = name.toLowerCase();
    if (lower === 'content-length' && !/^\d{1,15}$/.test(value)) return { kept, refused: 'a Content-Length' };
    if (lower === 'transfer-encoding' && value.toLowerCase() !== 'chunked')
      return { kept, refused: 'a Transfer-Encoding' };
    const kind = isLength(lower) ? 'length' : lower;
    if ((kind === 'length' || kind === 'host') && seen.has(kind)) return { kept, refused: `several of ${name}` };
    seen.add(kind);
    if (!leftOut.includes(lower) && !BETWEEN_NEIGHBOURS.has(lower)) kept.push(name, value);
  }
  return { kept };
}

function isLength(lower: string): boolean {
  return lower === 'content-length' || lower === 'transfer-encoding';
}
