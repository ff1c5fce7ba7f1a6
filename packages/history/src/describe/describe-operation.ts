import { formatValue } from './format-value.js';
import { invokedAt } from './moment.js';
import { plainText } from './plain-text.js';
import type { Operation } from '../operation.js';

/** An operation for people: `read of 3 by process 2 at +1.204 s`. The moment is that of its invocation. */
export function describeOperation(operation: Operation): string {
  const { f: name, value, process, type } = operation;
  const f = plainText(name);
  const what =
    value === undefined || (value === null && (f !== 'read' || type !== 'ok'))
      ? f
      : f === 'cas' && Array.isArray(value)
        ? `cas from ${value.map(formatValue).join(' to ')}`
        : `${f} of ${formatValue(value)}`;
  const how = type === 'ok' ? '' : type === 'fail' ? ' (failed)' : ' (outcome unknown)';
  return `${what} by process ${process} at ${invokedAt(operation)}${how}`;
}
