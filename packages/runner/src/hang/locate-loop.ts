import type { Hanging } from './hanging.js';
import { LOOK, lookForLoop, type Hang } from './look-for-loop.js';
import { askInspector } from './ask-inspector.js';

/**
 * Finds the position of a process whose event loop is blocked, and its own description of it, through the inspector at
 * this `ws:` address: it has a thread of its own, which can interrupt even a loop. Empty if it does not answer.
 */
export async function locateLoop(url: string, signal: AbortSignal): Promise<Hang> {
  let said: Hanging | undefined;
  try {
    return await askInspector(
      url,
      LOOK,
      lookForLoop((words) => (said = words)),
      signal,
    );
  } catch {
    return said ? { said } : {};
  }
}
