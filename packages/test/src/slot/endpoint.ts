import { UsageError } from '@chaos/spec';

/** Purpose under which the port of a link is reserved. */
export function linkPurpose(from: string, to: string): string {
  return `link ${from}→${to}`;
}

/**
 * Host and port of `url`. Throws `UsageError` for a URL without them, such as one of a Unix socket.
 *
 * @param defaultPorts by protocol: `{ 'redis:': 6379 }`
 */
export function endpointOf(
  url: string,
  defaultPorts: Readonly<Record<string, number>>,
): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(url);
  const number = port === '' ? defaultPorts[protocol] : Number(port);
  if (hostname === '' || number === undefined)
    throw new UsageError(`Cannot put a link in front of ${hidePassword(url)}: it names no host and port`, {
      hint: 'Give a TCP address: scheme://host:port/…',
    });
  return { host: hostname.replace(/^\[|\]$/g, ''), port: number };
}

/** The same URL with another `host:port`. */
export function withEndpoint(url: string, endpoint: string): string {
  const changed = new URL(url);
  changed.host = endpoint;
  return changed.href;
}

function hidePassword(url: string): string {
  return url.replace(/\/\/([^:@/]*):[^@/]*@/, '//$1:***@');
}
