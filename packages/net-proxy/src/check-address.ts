import type { Address } from './tcp/listener.js';

/** Throws `TypeError` or `RangeError` unless this can be listened on or connected to. */
export function checkAddress(what: string, { host, port }: Address, lowestPort: 0 | 1): void {
  if (typeof host !== 'string' || host === '')
    throw new TypeError(`Cannot use ${what}.host: current value is ${JSON.stringify(host)}`);
  if (!Number.isInteger(port) || port < lowestPort || port > 65_535) {
    throw new RangeError(
      `Cannot use ${what}.port: current value is ${String(port)}, it must be an integer from ${lowestPort} to 65535`,
    );
  }
}
