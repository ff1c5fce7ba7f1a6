import { join } from 'node:path';
import { privateFolder, readPrivateFile } from '@chaos/env/private';
import { replaceFile } from '@chaos/spec';
import type { DetectionCell } from '@chaos/triage';

/** A result that is kept. */
export interface StoredCell {
  /** Content that it depends on, see {@link CellKeys}. */
  readonly key: string;
  /** Milliseconds since the Unix epoch. */
  readonly ranMs: number;
  readonly cell: DetectionCell;
}

/** Results of earlier runs of the matrix, in `.chaos/matrix.json`. */
export interface CellStore {
  /** `undefined` where there is none, or what it depends on has changed. */
  get(variant: string | undefined, test: string, key: string): StoredCell | undefined;
  put(variant: string | undefined, test: string, stored: StoredCell): void;
  /** Writes what was put. */
  save(): void;
}

interface StoredFile {
  readonly schemaVersion: 1;
  readonly cells: Readonly<Record<string, StoredCell>>;
}

/**
 * Opens the results that are kept for a project; a file that cannot be read counts as empty, and so does one that is
 * `isIgnored`.
 */
export function openCellStore(rootDir: string, { isIgnored }: { readonly isIgnored: boolean }): CellStore {
  const folder = join(rootDir, '.chaos');
  const file = join(folder, 'matrix.json');
  const cells = new Map(Object.entries(read(file)));
  // A variant never has an empty name.
  const nameOf = (variant: string | undefined, test: string): string => `${variant ?? ''} ${test}`;
  return {
    get(variant, test, key) {
      const stored = isIgnored ? undefined : cells.get(nameOf(variant, test));
      return stored?.key === key ? stored : undefined;
    },
    put: (variant, test, stored) => void cells.set(nameOf(variant, test), stored),
    save() {
      privateFolder(folder, `Remove ${folder}.`);
      replaceFile(file, JSON.stringify({ schemaVersion: 1, cells: Object.fromEntries(cells) } satisfies StoredFile));
    },
  };
}

function read(file: string): StoredFile['cells'] {
  try {
    const { schemaVersion, cells } = JSON.parse(readPrivateFile(file)) as Partial<StoredFile>;
    return schemaVersion === 1 && cells !== undefined ? cells : {};
  } catch {
    return {};
  }
}
