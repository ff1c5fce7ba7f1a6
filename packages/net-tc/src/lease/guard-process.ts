import { setTimeout as delay } from 'node:timers/promises';
import type { UndoRecipe } from '@chaos/spec';

// A process in a session of its own: `guard-process.js <recipe>`. Its standard input is held by the owner of the fault:
// `settled` says that all is well, its end without it that the owner is gone.

const STRAGGLERS_MS = 100;

// A signal to all processes of a terminal must not hit the one that cleans up after them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => {});
const recipe = JSON.parse(process.argv[2] ?? '') as UndoRecipe & { readonly kind: 'call' };
let settled = false;
process.stdin.on('data', (chunk: Buffer) => (settled ||= chunk.includes('settled')));
process.stdin.on('error', () => {});
process.stdin.on('close', () => void (settled ? process.exit(0) : heal()));

async function heal(): Promise<void> {
  const module = (await import(recipe.module)) as Record<string, (data: unknown) => Promise<void>>;
  // A batch of tc that the owner started still runs to its end, so wait for it before undoing.
  await delay(STRAGGLERS_MS);
  await module[recipe.export]?.(recipe.data);
  process.exit(0);
}
