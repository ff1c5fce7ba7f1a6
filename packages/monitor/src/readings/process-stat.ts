import { buffer, numberAt } from './proc-file.js';

/** The fields of `/proc/PID/stat` that are needed; times in clock ticks. */
export interface ProcessStat {
  parent: number;
  /** User and system time of the process. */
  own: number;
  /** User and system time of children that it has waited for. */
  waited: number;
  residentPages: number;
}

const CLOSING_PARENTHESIS = 41;
const end = { at: 0 };

/** Parses {@link buffer} into `into`. */
export function parseProcessStat(length: number, into: ProcessStat): void {
  // The name may contain spaces and parentheses, so count fields from its last parenthesis. The 3rd field (state)
  // follows it.
  end.at = buffer.lastIndexOf(CLOSING_PARENTHESIS, length - 1) + 3;
  into.own = 0;
  into.waited = 0;
  for (let field = 4; field <= 24; field += 1) {
    // tpgid and priorities may be negative, but they are only skipped.
    const value = numberAt(end.at, length, end);
    if (field === 4) into.parent = value;
    else if (field === 14 || field === 15) into.own += value;
    else if (field === 16 || field === 17) into.waited += value;
    else if (field === 24) into.residentPages = value;
  }
}
