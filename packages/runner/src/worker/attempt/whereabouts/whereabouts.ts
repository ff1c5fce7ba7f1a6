import type { StepResult } from '@chaos/spec';
import { openWaits } from '../../../info/waits.js';
import type { Whereabouts } from '../../../ipc/messages.js';
import { wallMs } from '../../../real-time.js';
import { Clock } from '../../time/clock.js';
import { runningTest } from '../running.js';

// Resources of every worker: its pipes and its channel.
const OWN = new Set(['PipeWrap', 'Pipe', 'MessagePort']);

/**
 * Activity of this worker: the phase and steps of its test, open waits, and resources that keep the event loop busy.
 */
export function whereabouts(): Whereabouts {
  const run = runningTest();
  const resources: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) if (!OWN.has(name)) resources[name] = (resources[name] ?? 0) + 1;
  return {
    phase: Clock.underWay?.current,
    steps: run ? underWay(run.info.steps) : [],
    waits: openWaits(run?.info.file),
    resources,
  };
}

// Open steps from the outermost to the innermost.
function underWay(steps: readonly StepResult[]): Whereabouts['steps'] {
  return steps.flatMap(({ title, category, durationMs, startMs, steps: nested }) => {
    if (durationMs >= 0) return [];
    // The phase names hooks and fixtures.
    const own = category === 'test.step' ? [{ title, forMs: wallMs() - startMs }] : [];
    return [...own, ...underWay(nested)];
  });
}
