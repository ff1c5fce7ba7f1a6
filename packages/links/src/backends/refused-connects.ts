import { readFileSync } from 'node:fs';

/**
 * The number of connections that were refused to processes of this network namespace since it exists; `NaN` where the
 * kernel does not tell. Source: `AttemptFails` of /proc/net/snmp, RFC 4022 tcpAttemptFails.
 */
export function refusedConnects(): number {
  try {
    const [names = [], values = []] = readFileSync('/proc/self/net/snmp', 'latin1')
      .split('\n')
      .filter((line) => line.startsWith('Tcp:'))
      .map((line) => line.split(' '));
    return Number(values[names.indexOf('AttemptFails')]);
  } catch {
    return NaN;
  }
}
