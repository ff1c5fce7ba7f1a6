import { LONGEST_MS } from '@chaos/spec';
import { ApiError } from './api-error.js';
import type { Fields } from './decode-json.js';

/** Transport protocol of a proxy. */
export type Protocol = 'tcp' | 'udp';

/** Description of a proxy as users write it. */
export interface ProxyDescription {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  readonly protocol: Protocol;
  /**
   * Refuses connections while the upstream is unreachable, and meanwhile checks the upstream at this interval. 0: never
   * refuses.
   */
  readonly refuseWhileDownMs: number;
}

/**
 * Reads the description of a new proxy; `where` is appended to error messages. `key` is the default name. Throws
 * `ApiError` 400.
 */
export function readProxy(fields: Fields, where: string, key: string = ''): ProxyDescription {
  const [name, upstream, protocol] = [
    fields.string('name') ?? key,
    fields.string('upstream') ?? '',
    fields.string('protocol') ?? 'tcp',
  ];
  if (name === '') throw new ApiError(`missing required field: name${where}`, 400);
  if (upstream === '') throw new ApiError(`missing required field: upstream${where}`, 400);
  if (protocol !== 'tcp' && protocol !== 'udp')
    throw new ApiError(`protocol was invalid, can be either tcp or udp${where}`, 400);
  const refuseWhileDownMs = fields.integer('refuse_while_down') ?? 0;
  if (refuseWhileDownMs < 0 || refuseWhileDownMs > LONGEST_MS)
    throw new ApiError(`refuse_while_down was invalid, can be 0 to ${LONGEST_MS} ms${where}`, 400);
  if (refuseWhileDownMs > 0 && protocol === 'udp')
    throw new ApiError(`refuse_while_down was invalid, udp has no connects${where}`, 400);
  return {
    name,
    upstream,
    protocol,
    refuseWhileDownMs,
    listen: fields.string('listen') ?? '',
    enabled: fields.boolean('enabled') ?? true,
  };
}
