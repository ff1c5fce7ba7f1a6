import type { HistoryFault } from '../history.js';

const START = /^(?:start|begin)(?:-(.+))?$/;
const STOP = /^(?:stop|heal|end|recover)(?:-(.+))?$/;

/**
 * Makes fault windows of a nemesis' events. Ours are `start` and `stop` with the name as the value; Jepsen's are
 * `start-partition` and `stop-partition`, each twice (when asked and when done), or names of their own, which are
 * moments.
 */
export class FaultCollector {
  readonly #windows: { name: string; startNs: number; endNs: number }[] = [];
  #lastMoment: string | undefined;

  add(f: string, value: unknown, timeNs: number): void {
    const [start, stop] = [START.exec(f), STOP.exec(f)];
    if (start !== null) {
      const name = start[1] ?? (typeof value === 'string' ? value : 'fault');
      if (!this.#windows.some((window) => window.name === name && window.endNs === Infinity))
        this.#windows.push({ name, startNs: timeNs, endNs: Infinity });
    } else if (stop !== null) {
      const name = stop[1] ?? (typeof value === 'string' ? value : undefined);
      const open = this.#windows.filter((window) => window.endNs === Infinity);
      const named = open.filter((window) => window.name === name);
      // A stop that names nothing that is open stops all of it, as Jepsen's plain :stop does.
      for (const window of named.length > 0 || stop[1] !== undefined ? named : open) window.endNs = timeNs;
    } else if (this.#lastMoment === f) {
      this.#windows.at(-1)!.endNs = timeNs;
    } else this.#windows.push({ name: f, startNs: timeNs, endNs: timeNs });
    const isMoment = start === null && stop === null && this.#lastMoment !== f;
    this.#lastMoment = isMoment ? f : undefined;
  }

  windows(): readonly HistoryFault[] {
    return this.#windows;
  }
}
