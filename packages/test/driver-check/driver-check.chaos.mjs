// `chaos driver check` runs this file: one test, which calls each operation of the project's driver once.
import { setTimeout as wait } from 'node:timers/promises';
import { outcomeOf, test } from '@chaos/test';

/** Arguments of the operations that @chaos/suites knows. */
const OF_SUITES = {
  read: ['document-0'],
  write: ['document-0', 'written by chaos driver check'],
  count: ['counter-0'],
  increment: ['counter-0'],
  transfer: ['account-0', 'account-1', 1],
  health: [],
};
const SHOWN_CHARACTERS = 300;
/** Time for the news that the target has ended, after a call that failed. */
const NEWS_MS = 200;

test('driver', async ({ target, driver }, info) => {
  const { operations, examples = {} } = driver;
  const calls = [];
  for (const operation of Object.keys(operations)) {
    const args = examples[operation] ?? OF_SUITES[operation] ?? [];
    const startMs = performance.now();
    const result = await target[operation](...args).then(
      (answer) => ({ outcome: 'ok', said: shown(answer) }),
      (error) => ({ outcome: outcomeOfError(error), said: String(error?.message ?? error), hint: error?.hint }),
    );
    const latencyMs = Math.round(performance.now() - startMs);
    const died = result.outcome === 'ok' ? undefined : await endOfTarget(info);
    calls.push({
      operation,
      args,
      ...result,
      ...(died !== undefined && { died }),
      latencyMs,
      isExample: operation in examples,
    });
  }
  await info.attach('calls', {
    body: JSON.stringify({ calls, lacking: Object.keys(OF_SUITES).filter((name) => !(name in operations)) }),
  });
});

// A caller sees its connection break before the slot hears of the end.
async function endOfTarget(info) {
  const giveUpMs = performance.now() + NEWS_MS;
  for (;;) {
    const [end] = await info.chaos.ended(info.signal);
    if (end !== undefined || performance.now() > giveUpMs) return end?.what;
    await wait(20, undefined, { signal: info.signal });
  }
}

function outcomeOfError(error) {
  if (error?.code === 'USAGE' || error instanceof TypeError) return 'misuse';
  return error?.code === 'INVARIANT_VIOLATION' ? 'wrong' : outcomeOf(error);
}

function shown(answer) {
  const text = answer === undefined ? '' : (JSON.stringify(answer) ?? String(answer));
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
