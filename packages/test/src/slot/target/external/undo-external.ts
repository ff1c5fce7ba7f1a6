import type { ExternalTarget } from '@chaos/spec';
import { commandOf } from './external-place.js';
import { runThere } from './run-there.js';

const VERBS = ['resume', 'start'] as const;

/** What was done to a program that runs elsewhere, to be undone. */
export interface ExternalUndo {
  readonly verb: (typeof VERBS)[number];
  readonly external: ExternalTarget;
}

/**
 * Lets an external program go on, or starts its container again. Undo recipes call it, so it takes plain data: names
 * only, out of which it makes the command itself.
 */
export async function undoExternal({ verb, external }: ExternalUndo): Promise<void> {
  const { pid, container } = external;
  const isPid = pid === undefined || (Number.isSafeInteger(pid) && pid > 1);
  const isContainer = container === undefined || /^[A-Za-z0-9][\w.:@/-]*$/.test(container);
  const command = VERBS.includes(verb) && isPid && isContainer ? commandOf(external, verb) : undefined;
  if (command === undefined) throw new TypeError(`Cannot undo ${JSON.stringify({ verb, external })}: no undo of ours`);
  await runThere(external, command, AbortSignal.timeout(30_000));
}
