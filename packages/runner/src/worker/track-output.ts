import { OUTPUT_MARK } from '../ipc/output-mark.js';

type Stream = 'stdout' | 'stderr';

/** Notices writes to stdout and stderr, so that only tests that print cost a mark. */
export function trackOutput(): { endOfTest(): Record<Stream, boolean> } {
  const dirty: Record<Stream, boolean> = { stdout: false, stderr: false };
  const originals = {} as Record<Stream, (text: string) => boolean>;
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = process[name];
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    originals[name] = write;
    stream.write = ((...args: unknown[]) => {
      dirty[name] = true;
      return write(...args);
    }) as typeof stream.write;
  }
  return {
    endOfTest: () => {
      const marks = { ...dirty };
      for (const name of ['stdout', 'stderr'] as const) {
        if (marks[name]) originals[name](OUTPUT_MARK);
        dirty[name] = false;
      }
      return marks;
    },
  };
}
