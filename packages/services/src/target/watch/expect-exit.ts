import { setTimeout as wait } from 'node:timers/promises';
import { ChaosError } from '@chaos/spec';
import type { ProcessExit } from '../../process/spawn-service.js';
import { lastOutput } from '../last-output.js';
import { howItEnded } from './how-it-ended.js';
import type { TargetWatch } from './target-watch.js';

const INTERVAL_MS = 20;

/** The exit that is expected; a part that is left out may be anything. */
export interface ExpectedExit {
  readonly code?: number;
  readonly signal?: string;
  /** Time for it to end, ms. */
  readonly timeoutMs: number;
}

/**
 * Waits until the target ends by itself, unless it has already, and takes that end out of what is told as an incident.
 *
 * @throws ChaosError `EXIT_MISSING` when it does not end in time, or ends in another way.
 */
export async function expectExit(
  watch: TargetWatch,
  { code, signal: name, timeoutMs }: ExpectedExit,
  { logTail, signal }: { readonly logTail: () => string; readonly signal: AbortSignal },
): Promise<ProcessExit> {
  const wanted = [...(code === undefined ? [] : [`with code ${code}`]), ...(name === undefined ? [] : [`by ${name}`])];
  const giveUpMs = performance.now() + timeoutMs;
  let end = watch.takeEnd();
  while (end === undefined) {
    if (performance.now() >= giveUpMs)
      throw new ChaosError(
        'EXIT_MISSING',
        `The target was to exit${wanted.length > 0 ? ` ${wanted.join(' or ')}` : ''} within ${timeoutMs} ms, and still runs${lastOutput(logTail())}`,
        { data: { code, signal: name, timeoutMs } },
      );
    await wait(INTERVAL_MS, undefined, { signal });
    end = watch.takeEnd();
  }
  const isWanted = (code === undefined || end.code === code) && (name === undefined || end.signal === name);
  if (!isWanted)
    throw new ChaosError(
      'EXIT_MISSING',
      `The target was to exit ${wanted.join(' and ')}, and exited ${howItEnded(end)}${lastOutput(end.lastOutput)}`,
      { data: { ...end, wanted: { code, signal: name } } },
    );
  return { code: end.code, signal: end.signal };
}
