import { completedAt, hasTimes, invokedAt, moment } from '../describe/moment.js';
import type { Operation } from '../operation.js';
import { plainText } from '../describe/plain-text.js';
import type { Anomaly } from '../verdict.js';
import { headOf } from './head-of.js';
import { operationLines } from './operation-lines.js';

/**
 * An anomaly in lines for people: what it is and who forbids it, the operations with their times, the reasons one by
 * one, and the faults that were in force. Operations are called T1, T2… as in the message.
 */
export function explainAnomaly(anomaly: Anomaly): string {
  const { shown, left } = headOf(anomaly);
  const { type, message, operations, steps, forbiddenBy, faults } = shown;
  const distinct = [...new Set(operations)];
  const at = (ns: number): string => (operations.every((one) => !hasTimes(one)) ? `event ${ns}` : moment(ns));
  const nameOf = (operation: Operation): string => `T${operations.indexOf(operation) + 1}`;
  return [
    `${type}${forbiddenBy === undefined ? '' : `, which ${forbiddenBy} forbids`}: ${message}`,
    ...distinct.map(
      (operation) =>
        `  ${nameOf(operation)}  process ${operation.process}, ${span(operation)}: ` +
        operationLines(operation).join(', '),
    ),
    ...steps.map(
      ({ from, to, relation, because }) =>
        `  ${nameOf(operations[from]!)} before ${nameOf(operations[to]!)} (${relation}): ${because}`,
    ),
    ...(left > 0 ? [`  and ${left} operations more`] : []),
    ...faults.map(
      ({ name, startNs, endNs }) =>
        `  during ${plainText(name)}, ${at(startNs)} to ${endNs === Infinity ? 'the end' : at(endNs)}`,
    ),
  ].join('\n');
}

function span(operation: Operation): string {
  const { type } = operation;
  if (type === 'info') return `${invokedAt(operation)}, outcome unknown`;
  return `${invokedAt(operation)} to ${completedAt(operation)}, ${type}`;
}
