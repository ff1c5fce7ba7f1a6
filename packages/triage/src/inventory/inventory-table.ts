import type { Cell } from '../export/csv.js';
import type { Inventory, InventoryEntry } from './inventory.js';

const COLUMNS: readonly (readonly [name: string, of: (entry: InventoryEntry) => Cell])[] = [
  ['test', ({ title }) => title],
  ['id', ({ chaosId }) => chaosId],
  ['category', ({ category }) => category],
  ['tag', ({ tag }) => tag],
  ['priority', ({ priority }) => priority],
  ['confidence', ({ confidence }) => confidence],
  ['failed', ({ frequency }) => frequency.failed],
  ['runs', ({ frequency }) => frequency.runs],
  ['first seen', ({ firstSeen }) => firstSeen],
  ['suspected part', ({ suspectedPart }) => suspectedPart],
  ['error', ({ error }) => error],
  ['evidence', ({ evidence }) => evidence.join('; ')],
  ['next step', ({ nextStep }) => nextStep],
  ['reproduce', ({ reproduce }) => reproduce],
  ['test id', ({ testId }) => testId],
];

/** An inventory as a table, for CSV and spreadsheets. */
export function inventoryTable({ failures }: Inventory): {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
} {
  return { header: COLUMNS.map(([name]) => name), rows: failures.map((entry) => COLUMNS.map(([, of]) => of(entry))) };
}
