import { UsageError } from '@chaos/spec';

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
  'http:': 80,
  'https:': 443,
};

/** Host and port that `url` leads to. Throws `UsageError` where it names none, as one of a Unix socket. */
export function endpointOf(url: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(url);
  const number = port === '' ? DEFAULT_PORTS[protocol] : Number(port);
  if (hostname === '' || number === undefined)
    throw new UsageError(`Cannot put a link in front of ${hidePassword(url)}: it names no host and port`, {
      hint: 'Give a TCP address: scheme://host:port/…',
    });
  return { host: hostname.replace(/^\[|\]$/g, ''), port: number };
}

/** The same URL at another `host:port`. */
export function withEndpoint(url: string, endpoint: string): string {
  const changed = new URL(url);
  changed.host = endpoint;
  return changed.href;
}

function hidePassword(url: string): string {
  return url.replace(/\/\/([^:@/]*):[^@/]*@/, '//$1:***@');
}
