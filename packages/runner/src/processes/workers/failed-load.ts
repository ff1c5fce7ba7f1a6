import type { SerializedError } from '@chaos/spec';
import type { LoadedFile } from '../../ipc/messages.js';

/** A file that could not be loaded, for this reason. */
export function failedLoad(file: string, error: SerializedError): LoadedFile {
  return {
    file,
    tests: [],
    slotFixtures: {},
    dependencies: [],
    errors: [{ ...error, location: error.location ?? { file, line: 1, column: 1 } }],
  };
}
