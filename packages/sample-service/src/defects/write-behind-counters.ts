import { startBudget } from '../budget.js';
import { createCounters } from '../domain/counters.js';
import type { Defect } from '../composition/defect.js';

const PAUSE_MS = 200;

/**
 * Acknowledges increments and writes them together a moment later. Known from post-mortems of deployments: what was in
 * the buffer of the old process was lost.
 */
export const defect: Defect = {
  counters: (parts) => {
    const counters = createCounters(parts);
    const waiting = new Map<string, number>();
    const flush = async (): Promise<void> => {
      for (const [name, by] of [...waiting]) {
        waiting.delete(name);
        await counters.increment(startBudget(1000), name, by).catch(() => undefined);
      }
    };
    setInterval(() => void flush(), PAUSE_MS).unref();
    return {
      async find(budget, name) {
        const counter = await counters.find(budget, name);
        return { ...counter, value: counter.value + (waiting.get(name) ?? 0) };
      },
      async increment(budget, name, by) {
        waiting.set(name, (waiting.get(name) ?? 0) + by);
        return {
          name,
          value: (await counters.find(budget, name).catch(() => ({ value: 0 }))).value + (waiting.get(name) ?? 0),
        };
      },
    };
  },
};
