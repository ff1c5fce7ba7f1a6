import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Manifest } from '../protocol/messages.js';
import { RUNS } from '../protocol/places.js';
import { sealWith, type Seal } from '../trust/seal.js';
import { openStore } from '../store/open-store.js';
import type { Store } from '../store/store.js';
import type { AgentOptions } from './agent-options.js';
import { AgentRun } from './agent-run.js';

const POLL_MS = 200;

/**
 * Takes part in the runs of a fleet, one after the other, until its signal aborts. Runs that are not signed with the
 * key are ignored; those of another checkout are refused, and told why.
 *
 * @throws UsageError for a URL that is none
 * @throws EnvironmentError where the store cannot be reached
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const { signal, log } = options;
  await using store = await openStore({ url: options.url, onError: () => {} });
  const seal = sealWith(options.key);
  log(`waits for runs (${options.slots} slot${options.slots === 1 ? '' : 's'})`);
  const known = new Set<string>();
  while (!signal.aborted) {
    const manifest = await nextRun(store, seal, known);
    if (manifest === undefined) {
      await sleep(POLL_MS, undefined, { signal }).catch(() => {});
      continue;
    }
    known.add(keyOf(manifest));
    const session = `${options.name.replaceAll(/[^\w.-]/g, '_')}-${randomBytes(4).toString('hex')}`;
    const took = await new AgentRun({ ...options, store, seal, session, manifest }).run();
    if (took && options.once) return;
    // What ended too early (a lost lease) may be joined again.
    if (took) known.delete(keyOf(manifest));
  }
}

async function nextRun(store: Store, seal: Seal, known: ReadonlySet<string>): Promise<Manifest | undefined> {
  const entries = await store.list(RUNS);
  for (const { id, data } of entries) {
    const manifest = seal.open<Manifest>(`${id}/manifest`, data);
    if (manifest?.state === 'open' && manifest.runId === id && !known.has(keyOf(manifest))) return manifest;
  }
  return undefined;
}

function keyOf({ runId, generation }: Manifest): string {
  return `${runId}/${generation}`;
}
