import { setTimeout as delay } from 'node:timers/promises';
import { compose } from './composition/compose.js';
import { chooseParts } from './catalogue/choose-parts.js';
import { createApp } from './http/create-app.js';
import type { Settings } from './settings.js';

/** A running service that listens. */
export interface RunningService {
  readonly url: string;
  /** Answers requests in progress, then closes everything. */
  stop(): Promise<void>;
}

const LONGEST_PAUSE_MS = 1000;

/** Listens at once; ready as soon as the database is available. */
export async function start(settings: Settings): Promise<RunningService> {
  const service = compose(settings, await chooseParts(settings.defect));
  const stopped = new AbortController();
  let isPrepared = false;

  async function prepare(): Promise<void> {
    for (let pauseMs = 25; !isPrepared && !stopped.signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await service.prepare();
        isPrepared = true;
      } catch {
        await delay(pauseMs * (0.5 + Math.random() / 2), undefined, { signal: stopped.signal }).catch(() => {});
      }
    }
  }

  const preparing = prepare();
  const app = createApp(service, () => isPrepared);
  const url = await app.listen({ port: settings.port, host: '127.0.0.1' });
  return {
    url,
    async stop() {
      stopped.abort();
      await Promise.allSettled([app.close(), preparing]);
      await service.close();
    },
  };
}
