import type { RunEvent } from '@chaos/spec';
import { completeEvent } from './complete-event.js';
import { readLines } from './read-lines.js';
import { parseLine, type Blob } from './scan-blob.js';

/**
 * The events of a report in order, a chunk of the file at a time; those of an older format are completed. The tests of
 * `run-start` are in {@link Blob.tests}. A line that was cut off at the end of the file is left out.
 *
 * @example
 * ```ts
 * const blob = await scanBlob('report.jsonl');
 * if (blob) for await (const event of readEvents(blob)) console.log(event.type, event.origin?.host);
 * ```
 *
 * @throws ChaosError `REPORT` with file and line, where the report is damaged
 */
export async function* readEvents({ file, header }: Pick<Blob, 'file' | 'header'>): AsyncGenerator<RunEvent> {
  for await (const lines of readLines(file)) {
    for (const line of lines) {
      if (line.torn || line.text.startsWith('{"type":"blob')) continue;
      const parsed = parseLine(line, file);
      if (parsed.type !== 'blob-tests') yield completeEvent(parsed, header);
    }
  }
}
