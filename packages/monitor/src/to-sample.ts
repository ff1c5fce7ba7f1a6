import type { Sample, SampleScope } from '@chaos/spec';
import type { Row } from './sample-ring.js';

/** Converts a row to a sample of the public contract. */
export function toSample(scope: SampleScope, row: Row): Sample {
  const {
    pressureCpu,
    pressureMemory,
    pressureIo,
    scope: _number,
    timeMs,
    cpus = 0,
    memoryBytes = 0,
    ...figures
  } = row;
  const pressure = Object.fromEntries(
    Object.entries({ cpu: pressureCpu, memory: pressureMemory, io: pressureIo }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return {
    scope,
    timeMs,
    cpus,
    memoryBytes,
    ...(figures as Partial<Sample>),
    ...(Object.keys(pressure).length > 0 ? { pressure } : {}),
  };
}
