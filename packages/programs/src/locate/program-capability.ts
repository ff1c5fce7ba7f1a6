import type { ServiceCapability } from '@chaos/spec';
import { checkProgram } from './check-program.js';
import type { LocateProgramOptions } from './locate-program.js';

/** A program as a capability that tests may require: there where {@link locateProgram} could have it. */
export function programCapability(
  options: Pick<LocateProgramOptions, 'programs' | 'packages' | 'hint' | 'capability'>,
): ServiceCapability {
  return {
    name: options.capability ?? options.programs[0],
    async detect(signal) {
      const { status, detail, fix } = await checkProgram({ ...options, path: process.env['PATH'], signal });
      // By apt it can be had, too.
      const available = status === 'ok' || fix !== options.hint;
      return { available, reason: detail, ...(fix !== undefined && { fix }) };
    },
  };
}
