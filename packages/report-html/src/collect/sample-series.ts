import type { Sample } from '@chaos/spec';
import type { SampleColumns } from '../data/report-data.js';

const MOST_POINTS = 8_000;

type Columns = {
  -readonly [K in keyof Required<SampleColumns>]: Required<SampleColumns>[K] extends readonly (infer T)[]
    ? T[]
    : string;
};

/** Samples of a run by scope, in bounded memory: of too many every second one goes. */
export class SampleSeries {
  readonly #scopes = new Map<string, Columns>();

  add({ scope, timeMs, cpus, memoryBytes, eventLoopDelayMs, sockets, othersCpus }: Sample): void {
    let columns = this.#scopes.get(scope);
    if (columns === undefined) {
      columns = { scope, timeMs: [], cpus: [], memoryMib: [], loopDelayMs: [], sockets: [], othersCpus: [] };
      this.#scopes.set(scope, columns);
    }
    columns.timeMs.push(Math.round(timeMs));
    columns.cpus.push(rounded(cpus));
    columns.memoryMib.push(rounded(memoryBytes / 2 ** 20));
    columns.loopDelayMs.push(eventLoopDelayMs === undefined ? null : rounded(eventLoopDelayMs));
    columns.sockets.push(sockets ?? null);
    columns.othersCpus.push(othersCpus === undefined ? null : rounded(othersCpus));
    if (columns.timeMs.length > MOST_POINTS) this.#scopes.set(scope, thinned(columns));
  }

  /** Scopes that are the business of one attempt: the host, its slot with all that it hosts, and its worker. */
  during(
    fromMs: number,
    toMs: number,
    { slot, worker }: { readonly slot: number; readonly worker: number },
  ): readonly SampleColumns[] {
    const found: SampleColumns[] = [];
    for (const columns of this.#scopes.values()) {
      const { scope } = columns;
      const mine = scope.startsWith('worker-')
        ? scope === `worker-${worker}`
        : scope === 'host' || scope.endsWith(`-${slot}`);
      if (!mine) continue;
      const cut = cutOut(columns, fromMs, toMs);
      if (cut.timeMs.length > 0) found.push(cut);
    }
    return found;
  }

  /** The host over the whole run, in at most so many points. */
  host(most: number): SampleColumns | undefined {
    let columns = this.#scopes.get('host');
    while (columns !== undefined && columns.timeMs.length > most) columns = thinned(columns);
    return columns === undefined ? undefined : cutOut(columns, -Infinity, Infinity);
  }
}

function cutOut(columns: Columns, fromMs: number, toMs: number): SampleColumns {
  const first = columns.timeMs.findIndex((timeMs) => timeMs >= fromMs);
  const after = columns.timeMs.findIndex((timeMs) => timeMs > toMs);
  const [start, end] = [first < 0 ? columns.timeMs.length : first, after < 0 ? columns.timeMs.length : after];
  const part = <T>(values: readonly T[]): readonly T[] => values.slice(start, end);
  const told = (values: readonly (number | null)[]): readonly (number | null)[] | undefined =>
    part(values).some((value) => value !== null) ? part(values) : undefined;
  const [loopDelayMs, sockets, othersCpus] = [columns.loopDelayMs, columns.sockets, columns.othersCpus].map(told);
  return {
    scope: columns.scope,
    timeMs: part(columns.timeMs),
    cpus: part(columns.cpus),
    memoryMib: part(columns.memoryMib),
    ...(loopDelayMs && { loopDelayMs }),
    ...(sockets && { sockets }),
    ...(othersCpus && { othersCpus }),
  };
}

function thinned(columns: Columns): Columns {
  const half = <T>(values: readonly T[]): T[] => values.filter((_, index) => index % 2 === 0);
  return {
    scope: columns.scope,
    timeMs: half(columns.timeMs),
    cpus: half(columns.cpus),
    memoryMib: half(columns.memoryMib),
    loopDelayMs: half(columns.loopDelayMs),
    sockets: half(columns.sockets),
    othersCpus: half(columns.othersCpus),
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
