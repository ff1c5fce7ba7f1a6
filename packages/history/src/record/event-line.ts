import type { Operation, OperationType } from '../operation.js';

/** The process of lines that are about faults, as Jepsen calls it. */
export const NEMESIS = 'nemesis';

/**
 * One event as a line of NDJSON; `type` is `invoke`, or how it ended. Throws `TypeError` for a value that is no JSON.
 */
export function eventLine(
  index: number,
  type: OperationType | 'invoke',
  { process, f, value, error }: Operation,
  timeNs: number,
  toJson: (value: unknown, f: string) => string = jsonOf,
): string {
  const why = error === undefined || type === 'invoke' ? '' : `,"error":${JSON.stringify(error)}`;
  return `{"index":${index},"type":"${type}","process":${process},"f":${JSON.stringify(f)},"value":${toJson(value, f)},"time":${timeNs}${why}}\n`;
}

/** The beginning or the end of a fault as a line of NDJSON. */
export function faultLine(index: number, f: 'start' | 'stop', name: string, timeNs: number): string {
  return `{"index":${index},"type":"info","process":"${NEMESIS}","f":"${f}","value":${JSON.stringify(name)},"time":${timeNs}}\n`;
}

function jsonOf(value: unknown, f: string): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (error) {
    throw new TypeError(`Cannot record the value of an operation ${JSON.stringify(f)}: it is no JSON`, {
      cause: error,
    });
  }
}
