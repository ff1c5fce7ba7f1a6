import type { HttpProxy, HttpToxic, Proxy } from '@chaos/net-proxy';
import { activeFault, ChaosError, type Fault } from '@chaos/spec';
import { checkOptions } from '../check-options.js';
import { faultTitle } from '../fault-title.js';
import type { LinkEnds, LinkFaultName } from '../link.js';

/**
 * A fault of the answers of HTTP, which counts those that it changed.
 *
 * @throws TypeError for a link that carries anything else, for a direction, and for packets
 */
export function httpFault(
  proxy: Proxy,
  { from, to }: LinkEnds,
  name: LinkFaultName,
  toxic: HttpToxic,
  options: object,
): Fault {
  const { direction, backend, toxicity, durationMs } = checkOptions(options);
  const { path } = options as { readonly path?: string };
  const place = `${from}→${to}`;
  if (!readsHttp(proxy))
    throw new TypeError(
      `Cannot ${name} the link ${place}: only a dependency that is given by \`http\` speaks HTTP here`,
    );
  if (direction !== undefined)
    throw new TypeError(`Cannot ${name} the link ${place} in one direction: current direction is ${direction}`);
  if (backend === 'tc') throw new TypeError(`Cannot ${name} the link ${place} by tc: packets know no HTTP`);
  return {
    name: faultTitle(`link ${place}`, name, options),
    ...(durationMs !== undefined && { durationMs }),
    async inject(signal) {
      signal.throwIfAborted();
      const active = proxy.addHttp(toxic, {
        ...(path !== undefined && { path }),
        ...(toxicity !== undefined && { toxicity }),
        ...(durationMs !== undefined && { durationMs }),
      });
      return activeFault(async () => active.remove(), {
        met: () => ({ answers: active.answers() }),
        prove: async (proving) => prove(proxy, toxic, { path, toxicity, signal: proving }),
      });
    },
  };
}

function readsHttp(proxy: Proxy): proxy is HttpProxy {
  return typeof (proxy as Partial<HttpProxy>).addHttp === 'function';
}

// Asks as a client does, but only where that does not reach the dependency.
async function prove(
  { listen }: Proxy,
  { type, instead }: HttpToxic,
  { path = '/', toxicity = 1, signal }: { path: string | undefined; toxicity: number | undefined; signal: AbortSignal },
): Promise<string> {
  if (!instead || instead.isAsked || toxicity < 1) return `${type} cannot be proven without asking the dependency`;
  const { status } = await fetch(`http://${listen.host}:${listen.port}${path}`, { signal });
  if (status === instead.status) return `a request of our own was answered with ${status}`;
  throw new ChaosError(
    'FAULT_UNVERIFIED',
    `Cannot prove ${type}: a request of our own was answered with ${status}, expected is ${instead.status}`,
  );
}
