import type { Capabilities, NamespaceSupport } from '@chaos/env';
import { findExecutable } from '@chaos/programs';
import type { ResolvedConfig } from '@chaos/spec';
import type { Check } from './check.js';

/** Checks that slots can get their own network namespaces, and which packet faults are available. */
export function checkNetwork(
  { network, services }: Pick<ResolvedConfig, 'network' | 'services'>,
  namespace: NamespaceSupport,
  capabilities: Capabilities,
  path: string | undefined,
): readonly Check[] {
  const outside = Object.entries(services).find(([, { url }]) => url !== undefined)?.[0];
  const sandbox = (detail: string, status: Check['status'] = 'ok', fix?: string): Check => ({
    name: 'sandbox',
    status,
    detail,
    ...(fix !== undefined && { fix }),
  });
  const byProxy = 'links are broken by proxy only, names not at all';
  if (network.sandbox === 'off') return [sandbox(`off (network.sandbox): ${byProxy}`)];
  if (outside !== undefined)
    return [sandbox(`off, services.${outside}.url is outside: ${byProxy}`, network.sandbox === 'on' ? 'fail' : 'ok')];
  if (!namespace.available)
    return [sandbox(`${namespace.reason}: ${byProxy}`, network.sandbox === 'on' ? 'fail' : 'warn', namespace.fix)];
  return [sandbox(`each slot gets a network namespace (${namespace.create.join(' ')})`), packets(capabilities, path)];
}

function packets({ nft, htb, netem }: Capabilities, path: string | undefined): Check {
  const name = 'packets';
  const canFetch = ['apt-get', 'dpkg-deb'].every(
    (command) => findExecutable(command, { path: path ?? '' }) !== undefined,
  );
  if (!nft.available && !(canFetch && nft.reason.includes('not installed')))
    return { name, status: 'warn', detail: `${nft.reason}: links are broken by proxy only`, fix: nft.fix };
  const chosen = nft.available ? 'nft' : "nft (Debian's package is downloaded when it is first needed)";
  if (!htb.available)
    return { name, status: 'warn', detail: `${chosen}: loss and silence; ${htb.reason}`, fix: htb.fix };
  if (!netem.available)
    return {
      name,
      status: 'warn',
      detail: `${chosen}, htb: loss, silence, bandwidth; no netem: delay by proxy, no duplicates, reordering, bit flips, bursts`,
      fix: netem.fix,
    };
  return { name, status: 'ok', detail: `${chosen}, htb, netem: every fault` };
}
