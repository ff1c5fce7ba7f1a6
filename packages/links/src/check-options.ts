import { checkMilliseconds, checkRange } from '@chaos/spec';
import type { LinkFaultOptions } from './link.js';

/**
 * The options that all faults of links have, checked.
 *
 * @throws TypeError or RangeError with the value that is wrong
 */
export function checkOptions(options: object): LinkFaultOptions {
  const { direction, backend, toxicity, durationMs } = options as LinkFaultOptions;
  checkWord('direction', direction, ['upstream', 'downstream']);
  checkWord('backend', backend, ['proxy', 'tc']);
  if (toxicity !== undefined) checkRange('toxicity', toxicity, { least: 0, most: 1 });
  if (durationMs !== undefined) checkMilliseconds('durationMs', durationMs);
  return options;
}

function checkWord(name: string, value: unknown, allowed: readonly string[]): void {
  if (value !== undefined && !(allowed as readonly unknown[]).includes(value))
    throw new TypeError(
      `Cannot break a link: current ${name} is ${JSON.stringify(value)}, it must be ${allowed.join(' or ')}`,
    );
}
