import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError } from '../service-error.js';
import { fetchKeys, type Keys } from './fetch-keys.js';
import type { KeySource } from './key-source.js';

/** Options of {@link createCachingKeySource}; times in milliseconds. */
export interface KeySourceOptions {
  readonly url: string;
  readonly timeoutMs: number;
  /** Shortest time between two fetches, whoever asks for them. */
  readonly cooldownMs: number;
  readonly maxAgeMs: number;
  readonly maxStaleMs: number;
}

/**
 * Keeps the keys and renews them in the background, so that withdrawn keys disappear and no request waits for a
 * renewal. An unknown key id triggers at most one fetch per cool-down, and requests meanwhile share it. So a new key is
 * accepted, and a flood of invented key ids costs the issuer nothing.
 */
export function createCachingKeySource(options: KeySourceOptions): KeySource {
  let keys: Keys = new Map();
  let fetchedMs = -Infinity;
  let attemptedMs = -Infinity;
  let refreshing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastFailed = false;
  let failures = 0;
  let fetches = 0;
  const stopped = new AbortController();

  async function refresh(): Promise<void> {
    const waitMs = attemptedMs + options.cooldownMs - performance.now();
    if (waitMs > 0) await delay(waitMs, undefined, { signal: stopped.signal, ref: false });
    attemptedMs = performance.now();
    fetches += 1;
    try {
      keys = await fetchKeys(options.url, options.timeoutMs);
      fetchedMs = performance.now();
      lastFailed = false;
    } catch {
      failures += 1;
      lastFailed = true;
      if (performance.now() - fetchedMs > options.maxStaleMs) keys = new Map();
    }
  }

  const refreshOnce = (): Promise<void> => (refreshing ??= refresh().finally(() => (refreshing = undefined)));

  function renewInBackground(): void {
    timer ??= setInterval(() => refreshOnce().catch(() => {}), Math.max(options.maxAgeMs, options.cooldownMs)).unref();
  }

  return {
    async key(keyId) {
      renewInBackground();
      const askedMs = performance.now();
      // Wait for a fetch that started after this request: the key may have been published during the previous one.
      while (!keys.has(keyId) && attemptedMs < askedMs) {
        // While the issuer is down, one attempt per cool-down checks on it; requests in between are refused at once.
        if (refreshing === undefined && lastFailed && askedMs - attemptedMs < options.cooldownMs) break;
        await refreshOnce();
      }
      const key = keys.get(keyId);
      if (key === undefined && lastFailed)
        throw new ServiceError('UNAVAILABLE', 'Cannot verify the token: the keys of its issuer cannot be fetched');
      return key;
    },
    counts: () => ({ fetches, failures, keys: keys.size }),
    close() {
      stopped.abort();
      clearInterval(timer);
    },
  };
}
