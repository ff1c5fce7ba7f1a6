import { formatValue } from '../describe/format-value.js';
import type { Operation } from '../operation.js';
import type { MicroOperation } from '../transactions/log/micro-operation.js';
import { plainText } from '../describe/plain-text.js';
import { show, showList } from '../transactions/show.js';

/** Describes an operation, a line for each step of a transaction: `append 5 to x`, `read x → [1, 5]`. */
export function operationLines({ f, type, value }: Operation): string[] {
  if (f !== 'txn' || !Array.isArray(value)) return [lineOf(f, type, value)];
  return (value as readonly unknown[]).map((step) => {
    if (!Array.isArray(step)) return formatValue(step);
    const [name, key, result] = step as unknown as MicroOperation;
    if (name.endsWith('append')) return `append ${show(result)} to ${show(key)}`;
    if (name.endsWith('w')) return `write ${show(result)} to ${show(key)}`;
    return type === 'ok'
      ? `read ${show(key)} → ${Array.isArray(result) ? showList(result) : show(result)}`
      : `read ${show(key)}`;
  });
}

function lineOf(name: string, type: Operation['type'], value: unknown): string {
  const f = plainText(name);
  if (f === 'read' && type === 'ok')
    return `read → ${value === null || value === undefined ? 'nothing' : formatValue(value)}`;
  return value === undefined || value === null ? f : `${f} ${formatValue(value)}`;
}
