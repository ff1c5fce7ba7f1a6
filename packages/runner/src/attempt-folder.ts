import { join, sep } from 'node:path';

let known: { readonly outputDir: string; readonly folder: string } | undefined;

/** Where an attempt puts its files, below the output folder. */
export function attemptFolder(outputDir: string, testId: string, retry: number): string {
  // Asked for by every attempt, though few put files there.
  if (known?.outputDir !== outputDir) known = { outputDir, folder: join(outputDir, 'tests') };
  return `${known.folder}${sep}${testId}${retry > 0 ? `-retry${retry}` : ''}`;
}
