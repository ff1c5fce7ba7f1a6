import type { FaultMet, FaultWindow } from '@chaos/spec';
import { Inconclusive } from '../../../info/outcome-errors.js';
import type { Running } from '../running.js';

const HINT =
  "The test says nothing about it: let the target need what is broken, or state the reason: inject(fault, { mayMeetNothing: 'keys are cached' })";

/**
 * Makes a test inconclusive that passed without showing what it claims: a fault of it met nothing, or a limit of the
 * target was kept only because it was stretched for this machine. A fault that a test injects several times has to meet
 * something once.
 */
export function judgeEvidence({ injector, stretched, info, verdict, fail }: Running): void {
  if (verdict.failed || info.status !== 'passed' || info.expectedStatus !== 'passed') return;
  const idle = [...byName(injector.windows).values()].filter((windows) => windows.every(metNothing));
  const reasons = [
    ...(idle.length > 0 ? [`${idle.map(describe).join('; ')}. ${HINT}`] : []),
    ...(stretched.length > 0
      ? [
          `only the stretch of deadlines by ${info.chaos.config.deadlineFactor.toFixed(2)} let it pass: ` +
            stretched.join('; '),
        ]
      : []),
  ];
  if (reasons.length > 0) fail(new Inconclusive(reasons.join('; ')));
}

function byName(windows: readonly FaultWindow[]): Map<string, FaultWindow[]> {
  const groups = new Map<string, FaultWindow[]>();
  for (const window of windows) groups.set(window.name, [...(groups.get(window.name) ?? []), window]);
  return groups;
}

function metNothing({ met, mayMeetNothing }: FaultWindow): boolean {
  return met !== undefined && mayMeetNothing === undefined && Object.values(met).every((count) => count === 0);
}

function describe(windows: readonly FaultWindow[]): string {
  const durationMs = windows.reduce((sum, { startMs, endMs = startMs }) => sum + endMs - startMs, 0);
  const [first] = windows;
  const counts = Object.keys(first?.met ?? ({} as FaultMet)).map((what) => `0 ${what}`);
  const times = windows.length > 1 ? `, injected ${windows.length} times,` : '';
  return `"${first?.name}"${times} met nothing in ${Math.round(durationMs)} ms: ${counts.join(', ')}`;
}
