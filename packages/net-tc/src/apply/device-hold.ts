import { pathToFileURL } from 'node:url';
import { noJournal, type Journal, type JournalEntry } from '@chaos/spec';
import type { Executor } from '../executors/executor.js';
import { assertRestoreData } from '../restore/assert-restore-data.js';
import { currentNamespace } from '../kernel/current-namespace.js';
import { packageFile } from '../kernel/package-file.js';
import type { RestoreData } from '../restore/restore-data.js';
import { restoreDevice } from '../restore/restore-device.js';
import { takeSnapshot } from '../restore/snapshot.js';

/** A device with its state from before the first fault, and the journalled recipe that brings it back. */
export class DeviceHold {
  readonly #executor: Executor;
  readonly #device: string;
  readonly #journal: Journal;
  #held: { readonly data: RestoreData; readonly entry: JournalEntry } | undefined;

  constructor(executor: Executor, device: string, journal: Journal) {
    this.#executor = executor;
    this.#device = device;
    this.#journal = journal;
  }

  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  /** Takes the snapshot and journals the undo; nothing the second time. */
  async take(signal: AbortSignal): Promise<RestoreData> {
    if (this.#held) return this.#held.data;
    const executor = this.#executor;
    const data: RestoreData = {
      executor,
      device: this.#device,
      snapshot: await takeSnapshot(executor, this.#device, signal),
      namespace: executor.prefix.length === 0 ? currentNamespace() : null,
    };
    this.#held = { data, entry: recordUndo(data, this.#journal) };
    return data;
  }

  /**
   * Brings the device back, then does `rest`, then settles the undo: what fails before that is left to `chaos heal`.
   */
  async release(drainMs: number, rest: () => Promise<void>, signal: AbortSignal): Promise<void> {
    if (!this.#held) return;
    const { data, entry } = this.#held;
    await restoreDevice(data, drainMs, signal);
    await rest();
    entry.settle();
    this.#held = undefined;
  }
}

function recordUndo(data: RestoreData, journal: Journal): JournalEntry {
  // Nothing may be done that a healer would refuse to undo.
  if (journal !== noJournal) assertRestoreData(data);
  return journal.record(
    {
      kind: 'call',
      module: pathToFileURL(packageFile('restore/heal-device.js')).href,
      export: 'healDevice',
      // Plain data: it goes through JSON.
      data: JSON.parse(JSON.stringify(data)) as never,
    },
    `faults on ${data.device} ${data.executor.name}`,
  );
}
