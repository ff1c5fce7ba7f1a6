import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openPrivateFile } from '@chaos/env/private';
import { ChaosError, type Journal } from '@chaos/spec';
import { assertRecipe } from './recipes/assert-recipe.js';
import type { JournalRecord, SettledRecord } from './journal-line.js';

/** The journal of one process, as a file that outlives it. */
export interface Ledger extends Journal, Disposable {
  readonly path: string;
  /** Recorded changes that are not undone yet, by the id of their record. */
  readonly unsettled: ReadonlyMap<string, string>;
  /** Closes the file; recipes still unsettled will be replayed by a healer. A second call does nothing. */
  close(): void;
}

/**
 * Opens `<directory>/<name>.jsonl` for recipes; the folder must exist ({@link createRunFolder} makes it). Every process
 * opens its own file under its own name. A record is in the file when `record` returns: only a crash of the kernel can
 * lose it.
 *
 * @throws ChaosError `JOURNAL_UNWRITABLE` when the recipe could not be written: then the change must not be made
 * @throws TypeError from `record` for a recipe that no healer would apply ({@link assertRecipe})
 */
export function openLedger({ directory, name }: { readonly directory: string; readonly name: string }): Ledger {
  if (!/^[\w.-]+$/.test(name))
    throw new TypeError(`Cannot open a ledger: name must be a plain file name, is ${JSON.stringify(name)}`);
  const path = join(directory, `${name}.jsonl`);
  const file = openPrivateFile(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
  // An earlier process of this name may have died while writing a line.
  if (fstatSync(file).size > 0) writeSync(file, '\n');
  const prefix = randomBytes(4).toString('hex');
  const unsettled = new Map<string, string>();
  let count = 0;
  let open = true;

  const append = (line: JournalRecord | SettledRecord, what: string): void => {
    try {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    } catch (cause) {
      throw new ChaosError(
        'JOURNAL_UNWRITABLE',
        `Cannot write down how to undo ${what}: ${(cause as Error).message} (${path})`,
        { cause, hint: 'Free some space in the folder for temporary files.' },
      );
    }
  };
  const close = (): void => {
    if (open) closeSync(file);
    open = false;
  };

  return {
    path,
    record(recipe, what) {
      if (!open) throw new TypeError(`Cannot record ${what}: the ledger ${path} is closed`);
      assertRecipe(recipe);
      const id = `${prefix}-${++count}`;
      append({ id, recipe, what, timeMs: Number(process.hrtime.bigint()) / 1e6 }, what);
      unsettled.set(id, what);
      let settled = false;
      return {
        settle() {
          if (settled || !open) return;
          settled = true;
          unsettled.delete(id);
          append({ settled: id }, what);
        },
      };
    },
    unsettled,
    close,
    [Symbol.dispose]: close,
  };
}
