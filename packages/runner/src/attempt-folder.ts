import { sep } from 'node:path';

/** Where an attempt puts its files, below the (absolute) output folder. */
export function attemptFolder(outputDir: string, testId: string, retry: number): string {
  // Asked for by every attempt, though few put files there: nothing to normalize.
  return `${outputDir}${sep}tests${sep}${testId}${retry > 0 ? `-retry${retry}` : ''}`;
}
