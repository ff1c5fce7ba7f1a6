import type { LiveChange, LiveStart } from '../../data/live-data.js';
import type { TestDetail } from '../../data/report-data.js';
import type { Source } from './source.js';

/** What a page can ask `chaos ui` for. */
export interface Commands {
  /** All tests where no ids are given. */
  run(ids?: readonly string[]): void;
  stop(): void;
  watch(on: boolean): void;
}

/** A run that goes on, and what can be asked for. */
export interface Live {
  readonly source: Source;
  readonly commands: Commands;
}

/** Follows the server that the page came from. `onNews` gets everything that is known after each message. */
export function liveSource(onNews: (now: LiveStart, isConnected: boolean) => void): Live {
  let now: LiveStart | undefined;
  const events = new EventSource('api/events');
  const read = (event: Event): unknown => JSON.parse((event as MessageEvent<string>).data);
  // The browser connects again by itself, and gets everything anew.
  events.addEventListener('start', (event) => onNews((now = read(event) as LiveStart), true));
  events.addEventListener('change', (event) => {
    if (now !== undefined) onNews((now = changed(now, read(event) as LiveChange)), true);
  });
  events.addEventListener('error', () => {
    if (now !== undefined) onNews(now, false);
  });
  const post = (path: string, body: object = {}): void =>
    void fetch(`api/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    source: {
      index: async () => now!.index,
      async detail(testId) {
        const response = await fetch(`api/detail/${encodeURIComponent(testId)}`);
        if (!response.ok) throw new Error(await response.text());
        return (await response.json()) as TestDetail;
      },
    },
    commands: {
      run: (ids) => post('run', ids === undefined ? {} : { ids }),
      stop: () => post('stop'),
      watch: (on) => post('watch', { on }),
    },
  };
}

function changed({ index }: LiveStart, { rows, state, ...rest }: LiveChange): LiveStart {
  if (rows.length === 0) return { index: { ...index, ...rest }, state };
  const news = new Map(rows.map((row) => [row.id, row]));
  const tests = index.tests.map((row) => {
    const found = news.get(row.id);
    news.delete(row.id);
    return found ?? row;
  });
  return { index: { ...index, ...rest, tests: [...tests, ...news.values()] }, state };
}
