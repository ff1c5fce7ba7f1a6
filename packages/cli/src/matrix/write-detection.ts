import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError, makeFolder, replaceFile, type TestCase } from '@chaos/spec';
import { detectionMarkdown, type Detection } from '@chaos/triage';

const JSON_FILE = 'detection.json';

/** The matrix that was written into a folder last; `undefined` if there is none that can be read. */
export function readDetection(folder: string): Detection | undefined {
  try {
    const detection = JSON.parse(readFileSync(join(folder, JSON_FILE), 'utf8')) as Detection;
    return detection.schemaVersion === 1 ? detection : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes `detection.json` and `detection.md`.
 *
 * @returns their paths
 * @throws EnvironmentError where the folder cannot be written
 */
export function writeDetection(detection: Detection, tests: readonly TestCase[], folder: string): readonly string[] {
  const files = [
    [join(folder, JSON_FILE), `${JSON.stringify(detection, undefined, 2)}\n`],
    [join(folder, 'detection.md'), detectionMarkdown(detection, tests)],
  ] as const;
  try {
    makeFolder(folder, 0o755);
    for (const [file, text] of files) replaceFile(file, text);
    return files.map(([file]) => file);
  } catch (cause) {
    throw new EnvironmentError(`Cannot write to ${folder}: ${(cause as Error).message}`, {
      cause,
      hint: 'Make the folder writable, or choose another one by --output.',
    });
  }
}
