import { lookup } from 'node:dns/promises';
import type { Address } from '../../tcp/listener.js';
import { ApiError } from '../wire/api-error.js';

/**
 * Splits `host:port`, `[::1]:port` and `:port`. Throws `ApiError` in Go's words, after `what`: `listen tcp: `, `dial
 * tcp: ` or nothing.
 */
export function parseEndpoint(what: string, text: string): Address {
  const status = what === 'dial tcp: ' ? 400 : 500;
  const match = /^(?:\[(?<six>[^\]]*)\]|(?<host>[^:]*)):(?<port>[^:]*)$/.exec(text);
  if (!match?.groups)
    throw new ApiError(
      `${what}address ${text}: ${text.split(':').length > 2 ? 'too many colons in address' : 'missing port in address'}`,
      status,
    );
  const { six, host, port } = match.groups;
  if (!/^\d+$/.test(port ?? '')) throw new ApiError(`${what}lookup tcp/${port}: unknown port`, status);
  if (Number(port) > 65_535) throw new ApiError(`${what}address ${port}: invalid port`, status);
  return { host: six ?? host ?? '', port: Number(port) };
}

/**
 * Resolves the address to listen on: an empty text means all addresses and any free port, host names become addresses.
 * Throws `ApiError`.
 */
export async function resolveListen(text: string, what: string = 'listen tcp: '): Promise<Address> {
  if (text === '') return { host: '::', port: 0 };
  const { host, port } = parseEndpoint(what, text);
  if (host === '') return { host: '::', port };
  try {
    // Prefers 127.0.0.1 to ::1, as Go does.
    const [first] = await lookup(host, { all: true, order: 'ipv4first' });
    return { host: first?.address ?? host, port };
  } catch {
    throw new ApiError(`${what}lookup ${host}: no such host`, 500);
  }
}

/** `host:port`, with brackets where the host has colons. */
export function formatEndpoint({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'bind: address already in use',
  EACCES: 'bind: permission denied',
  EADDRNOTAVAIL: 'bind: cannot assign requested address',
  EMFILE: 'socket: too many open files',
};

/** Words an error of {@link createProxy}, which could not listen, as Go does. */
export function listenError(protocol: string, address: Address, error: unknown): ApiError {
  const { code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  return new ApiError(
    `listen ${protocol} ${formatEndpoint(address)}: ${REASONS[code ?? ''] ?? code ?? String(error)}`,
    500,
    true,
  );
}
