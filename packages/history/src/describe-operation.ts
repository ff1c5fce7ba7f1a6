import { formatValue } from './format-value.js';
import { moment } from './moment.js';
import type { Operation } from './operation.js';

/** An operation for people: `read of 3 by process 2 at +1.204 s`. The moment is that of its invocation. */
export function describeOperation({ f, value, process, type, invokedNs }: Operation): string {
  const what =
    value === undefined || (value === null && (f !== 'read' || type !== 'ok'))
      ? f
      : f === 'cas' && Array.isArray(value)
        ? `cas from ${value.map(formatValue).join(' to ')}`
        : `${f} of ${formatValue(value)}`;
  const how = type === 'ok' ? '' : type === 'fail' ? ' (failed)' : ' (outcome unknown)';
  return `${what} by process ${process} at ${moment(invokedNs)}${how}`;
}
