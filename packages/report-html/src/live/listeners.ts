import type { ServerResponse } from 'node:http';
import type { LiveRun } from './live-run.js';

/** Pages are told at most this often, ms: each message is made once for all of them. */
const EVERY_MS = 150;
/** A page that is this far behind gets everything anew, once it has caught up. */
const MOST_WAITING = 4 * 2 ** 20;

/** The pages that are open, as streams of server-sent events. */
export class Listeners {
  readonly #run: LiveRun;
  readonly #open = new Set<ServerResponse>();
  readonly #behind = new Set<ServerResponse>();
  readonly #timer: NodeJS.Timeout;

  constructor(run: LiveRun) {
    this.#run = run;
    this.#timer = setInterval(() => this.#tell(), EVERY_MS);
    this.#timer.unref();
  }

  add(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.on('close', () => {
      this.#open.delete(response);
      this.#behind.delete(response);
    });
    // What the others have not heard yet goes to them first: it is a part of what this one gets.
    this.#tell();
    response.write(message('start', this.#run.start()));
    this.#open.add(response);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const response of this.#open) response.end();
  }

  #tell(): void {
    for (const response of this.#behind) {
      if (response.writableLength > 0) continue;
      this.#behind.delete(response);
      response.write(message('start', this.#run.start()));
    }
    if (!this.#run.hasNews) return;
    const text = message('change', this.#run.change());
    for (const response of this.#open) {
      if (this.#behind.has(response)) continue;
      if (response.writableLength > MOST_WAITING) this.#behind.add(response);
      else response.write(text);
    }
  }
}

function message(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
