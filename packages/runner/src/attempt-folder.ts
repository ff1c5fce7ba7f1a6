import { join } from 'node:path';

/** Where an attempt puts its files, below the output folder. */
export function attemptFolder(outputDir: string, testId: string, retry: number): string {
  return join(outputDir, 'tests', `${testId}${retry > 0 ? `-retry${retry}` : ''}`);
}
