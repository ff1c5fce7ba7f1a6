import type { ServiceCapability } from '@chaos/spec';
import { runCommand } from '../run/run-command.js';
import { locateFaketime } from './locate-faketime.js';
import { locateProgram } from './locate-program.js';

const YEAR_S = 365 * 86_400;

/** The name of a capability that rests on a program which is fetched. */
export type FetchedCapability = 'faketime' | 'strace';

/**
 * Capabilities that rest on programs which faults download where the system lacks them. Their detection fetches them:
 * it runs where there is a network, which the sandbox of a slot has not.
 *
 * @param options `cacheDirectory`: where they are kept; see `CHAOS_CACHE_DIR`
 */
export function fetchedCapabilities(
  options: { readonly cacheDirectory?: string | undefined } = {},
): readonly (ServiceCapability & { readonly name: FetchedCapability })[] {
  const { cacheDirectory } = options;
  const kept = cacheDirectory === undefined ? {} : { cacheDirectory };
  return [
    {
      name: 'faketime',
      async detect(signal) {
        const library = await locateFaketime({ signal, ...kept }).catch(asReason(signal));
        if (typeof library !== 'string') return library;
        const env = { ...process.env, LD_PRELOAD: library, FAKETIME: `-${YEAR_S}` };
        const told = runCommand(['date', '+%s'], { what: 'try faketime', cwd: '/', env, signal });
        const shiftS = await told.then(
          (text) => Date.now() / 1000 - Number(text.trim()),
          () => NaN,
        );
        return Math.abs(shiftS - YEAR_S) < 3600
          ? { available: true, reason: `tried: a child saw the time of a year ago (${library})` }
          : { available: false, reason: `a child's clock was shifted by ${shiftS} s instead of ${-YEAR_S} s` };
      },
    },
    {
      name: 'strace',
      async detect(signal) {
        const wanted = { programs: ['strace'], packages: ['strace'], hint: 'apt-get install strace' } as const;
        const program = await locateProgram({ ...wanted, signal, ...kept }).catch(asReason(signal));
        return 'executable' in program ? { available: true, reason: `there is ${program.executable}` } : program;
      },
    },
  ];
}

function asReason(signal: AbortSignal): (error: Error) => { readonly available: false; readonly reason: string } {
  return ({ message }) => {
    signal.throwIfAborted();
    return { available: false, reason: message };
  };
}
