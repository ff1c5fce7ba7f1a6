import { OperationError, type DriverContext, type TargetDriver } from '@chaos/test';

export interface Note {
  readonly id: string;
  readonly body: string;
  readonly from: 'store' | 'cache';
}

async function call<T>({ url, config, signal }: DriverContext, path: string, init: RequestInit = {}): Promise<T> {
  // The program has to answer within config.timeoutMs; beyond this it hangs.
  const timeout = AbortSignal.timeout(Math.round(config.timeoutMs * config.deadlineFactor * 1.5));
  try {
    const response = await fetch(url + path, { ...init, signal: AbortSignal.any([signal, timeout]) });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as T;
    const outcome = response.status < 500 ? 'rejected' : 'unavailable';
    throw new OperationError(outcome, `${path} answered ${response.status}: ${text}`);
  } catch (error) {
    if (error instanceof OperationError) throw error;
    throw new OperationError(timeout.aborted ? 'timeout' : 'unknown', `${path}: ${String(error)}`, { cause: error });
  }
}

const operations = {
  read: (context: DriverContext, id: string) => call<Note>(context, `/notes/${id}`),
  write: (context: DriverContext, id: string, body: string) =>
    call<{ id: string }>(context, `/notes/${id}`, { method: 'PUT', body }),
};

async function seed(context: DriverContext): Promise<void> {
  for (const id of ['0', '1', '2']) await operations.write(context, id, `body of note ${id}`);
  // Only the first one is in the cache when a test begins.
  await operations.read(context, '0');
}

export default { seed, operations } satisfies TargetDriver;
