import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

const OURS = new Set(['same-origin', 'none']);

/**
 * The reason why a request must not control proxies: a web page of another site sent it, or its host name may point at
 * this machine by DNS rebinding. `undefined` if the request may. `known` holds trusted names in lower case; addresses
 * and `localhost` are always trusted.
 */
export function whyForeign(headers: IncomingHttpHeaders, known: ReadonlySet<string>): string | undefined {
  const { host = '', origin } = headers;
  const site = headers['sec-fetch-site'];
  if (!isKnown(hostName(`http://${host}`), known))
    return `Host not allowed: ${JSON.stringify(host)}; to allow it: chaos proxy --allow-host <name>`;
  if (origin !== undefined) {
    const from = hostName(origin);
    const same = URL.canParse(origin) && new URL(origin).host === new URL(`http://${host}`).host;
    return same || (from !== undefined && known.has(from))
      ? undefined
      : `Origin not allowed: ${JSON.stringify(origin)}`;
  }
  return site === undefined || OURS.has(String(site)) ? undefined : `Sec-Fetch-Site not allowed: ${String(site)}`;
}

function isKnown(name: string | undefined, known: ReadonlySet<string>): boolean {
  if (name === undefined) return false;
  return name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0 || known.has(name);
}

function hostName(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '') : undefined;
}
