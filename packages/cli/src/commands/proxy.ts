import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ExitCode, isChaosError, UsageError } from '@chaos/spec';
import type { CliContext } from '../context.js';
import { tell } from '../output/tell.js';

/** Flags of `chaos proxy`. */
export interface ProxyFlags {
  readonly host: string;
  readonly port: string;
  readonly config?: string;
  readonly seed?: string;
  readonly allowHost?: readonly string[];
  readonly proxyMetrics?: boolean;
  readonly runtimeMetrics?: boolean;
}

/** `chaos proxy`: serves until SIGINT or SIGTERM; both end it normally. */
export async function proxy(
  { host, port, config, seed, allowHost = [], proxyMetrics = false, runtimeMetrics = false }: ProxyFlags,
  context: CliContext,
): Promise<ExitCode> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new UsageError(`Cannot listen: --port is ${JSON.stringify(port)}, it must be an integer from 0 to 65535`);
  const text = config === undefined ? undefined : await read(resolve(context.cwd, config), config);
  const { startApiThread } = await import('@chaos/net-proxy/api');
  const ended = new AbortController();
  const end = (signal: NodeJS.Signals): void => ended.abort(signal);
  process.once('SIGINT', end).once('SIGTERM', end);
  const log = (line: string): void => tell(context, line);
  try {
    await using api = await startApiThread({
      listen: { host, port: Number(port) },
      proxyMetrics,
      runtimeMetrics,
      log,
      allowedHosts: allowHost,
      ...(text !== undefined && { config: text }),
      ...(seed !== undefined && { seed }),
    });
    tell(
      context,
      `Proxies are steered at ${api.url} (the HTTP API of Toxiproxy 2.12), ${api.configured} of them now. Seed: ${api.seed}`,
    );
    if (!ended.signal.aborted) await Promise.race([once(ended.signal, 'abort'), api.died]);
  } catch (error) {
    throw isChaosError(error, 'CONFIG')
      ? new UsageError(`${error.message} (--config ${config})`, {
          ...(error.hint !== undefined && { hint: error.hint }),
          cause: error,
        })
      : error;
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
  return ExitCode.passed;
}

async function read(path: string, shown: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`Cannot read --config ${shown}: ${(cause as Error).message}`, { cause });
  }
}
