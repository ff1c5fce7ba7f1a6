import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EnvironmentError, makeFolder, replaceFile } from '@chaos/spec';
import { inventoryMarkdown, inventoryTable, issueText, toCsv, toXlsx, type Inventory } from '@chaos/triage';

/**
 * Writes `inventory.json`, `.csv`, `.md` and `.xlsx` into the folder of results.
 *
 * @returns their paths
 * @throws EnvironmentError where the folder cannot be written
 */
export function writeInventory(inventory: Inventory, folder: string): readonly string[] {
  const { header, rows } = inventoryTable(inventory);
  const texts = [
    ['inventory.json', `${JSON.stringify(inventory, undefined, 2)}\n`],
    // The mark tells spreadsheets that it is UTF-8.
    ['inventory.csv', `\uFEFF${toCsv(header, rows)}`],
    ['inventory.md', inventoryMarkdown(inventory)],
  ] as const;
  return written(folder, () => {
    for (const [name, text] of texts) replaceFile(join(folder, name), text);
    const workbook = join(folder, 'inventory.xlsx');
    // Written over: a draft is not needed, the other three are read by programs.
    writeFileSync(workbook, toXlsx('failures', header, rows), { mode: 0o600 });
    return [...texts.map(([name]) => join(folder, name)), workbook];
  });
}

/**
 * Writes a Markdown text for each failure, ready for a tracker.
 *
 * @throws EnvironmentError where the folder cannot be written
 */
export function writeIssues({ failures }: Inventory, folder: string, cwd: string): void {
  const path = resolve(cwd, folder);
  written(path, () => {
    for (const [index, failure] of failures.entries()) {
      const name = (failure.chaosId ?? failure.title)
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .slice(0, 60);
      replaceFile(join(path, `${String(index + 1).padStart(2, '0')}-${name}.md`), issueText(failure));
    }
  });
}

function written<T>(folder: string, write: () => T): T {
  try {
    makeFolder(folder, 0o700);
    return write();
  } catch (cause) {
    throw new EnvironmentError(`Cannot write to ${folder}: ${(cause as Error).message}`, {
      cause,
      hint: 'Make the folder writable, or choose another one.',
    });
  }
}
