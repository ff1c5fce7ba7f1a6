import type { Location } from '@chaos/spec';
import type { Hanging } from '../../../hang/hanging.js';
import type { Whereabouts } from '../../../ipc/messages.js';
import { sayWhereabouts, seconds } from '../../../hang/say-whereabouts.js';
import { Clock } from '../../time/clock.js';
import { whereabouts } from './whereabouts.js';

/** Explains where the time of a test went and what it waits for now, with the position to look at. */
export function explainTimeout(clock: Clock, rootDir: string): { readonly hint: string; readonly location?: Location } {
  const now = whereabouts();
  const location = now.waits.at(-1)?.location ?? now.phase?.location;
  const idle =
    Object.keys(now.resources).length === 0
      ? '; nothing is open: it awaits what nothing in this process will settle'
      : '';
  return { hint: say(clock, now, rootDir) + idle, ...(location && { location }) };
}

/** Description of a blocked worker for main; undefined between phases. */
export function hanging(rootDir: string): Hanging | undefined {
  const clock = Clock.underWay;
  const message = clock?.timeoutMessage;
  return clock && message !== undefined
    ? { message, hint: say(clock, { ...whereabouts(), resources: {} }, rootDir) }
    : undefined;
}

function say(clock: Clock, now: Whereabouts, rootDir: string): string {
  const [phase, ...rest] = sayWhereabouts(now, rootDir);
  const allMs = clock.spent.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const spent = clock.spent.filter(({ durationMs }) => durationMs >= allMs / 20);
  const first =
    spent.length > 1
      ? `the time went to ${spent.map(({ name, durationMs }) => `${name} (${seconds(durationMs)})`).join(', ')}`
      : (phase ?? '');
  return [first, ...rest].join('; ');
}
