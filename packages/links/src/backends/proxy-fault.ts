import * as toxics from '@chaos/net-proxy';
import { activeFault, type ActiveFault, type Fault } from '@chaos/spec';
import { checkOptions } from '../check-options.js';
import { faultTitle } from '../fault-title.js';
import { httpFault } from './http-fault.js';
import { definitionOf, type LinkEnds, type LinkFaultName } from '../link.js';

/**
 * The fault, made by the proxy of the link; `undefined` where a proxy cannot make it. It dies with the proxy, so it
 * needs no undo recipe.
 *
 * @throws TypeError or RangeError with the value, for options that make no sense
 */
export function proxyFault(
  proxy: toxics.Proxy,
  { from, to }: LinkEnds,
  name: LinkFaultName,
  options: object,
): Fault | undefined {
  const { direction, toxicity, durationMs } = checkOptions(options);
  const definition = definitionOf(name);
  if (definition.http) return httpFault(proxy, { from, to }, name, definition.http(options, toxics), options);
  const effect = definition.proxy?.(options, toxics);
  if (!effect) return undefined;
  if (direction !== undefined && definition.wholeConnections?.(options) === true)
    throw new TypeError(
      `Cannot ${name} a link in one direction: current direction is ${direction}; ` +
        'cut with mode blackhole has directions',
    );
  const { toxic, schedule } = effect;
  return {
    name: faultTitle(`link ${from}→${to}`, name, options),
    ...(durationMs !== undefined && { durationMs }),
    async inject(signal): Promise<ActiveFault> {
      signal.throwIfAborted();
      const active = proxy.add(toxic, {
        direction,
        ...(toxicity !== undefined && { toxicity }),
        ...(durationMs !== undefined && { durationMs }),
        ...(schedule && { schedule }),
      });
      return activeFault(() => active.remove());
    },
  };
}
