import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { UndoRecipe } from '@chaos/spec';
import { undoFunction } from './undo-function.js';

const TIMEOUT_MS = 10_000;

/** Replays a `call` recipe; rejects when the function does, or takes more than 10 s. */
export async function callExport(recipe: Extract<UndoRecipe, { kind: 'call' }>): Promise<void> {
  const { module, export: name, data } = recipe;
  const namespace = (await import(pathToFileURL(undoFunction(recipe).file).href)) as Readonly<Record<string, unknown>>;
  const undo = namespace[name];
  if (typeof undo !== 'function')
    throw new TypeError(
      `Cannot call ${name} of ${module}: it is ${undo === undefined ? 'not exported' : `no function but ${typeof undo}`}`,
    );
  const done = new AbortController();
  const late = delay(TIMEOUT_MS, undefined, { signal: done.signal, ref: true }).then(() => {
    throw new Error(`Cannot call ${name} of ${module}: no end within ${TIMEOUT_MS} ms`);
  });
  late.catch(() => {});
  try {
    await Promise.race([undo(data), late]);
  } finally {
    done.abort();
  }
}
