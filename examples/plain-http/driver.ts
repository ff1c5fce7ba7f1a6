import { OperationError, type DriverContext, type TargetDriver } from '@chaos/test';

export interface Note {
  readonly id: string;
  readonly body: string;
}

async function call<T>(
  { url, config, signal }: DriverContext,
  method: 'GET' | 'PUT',
  path: string,
  body?: string,
): Promise<T> {
  const name = `${method} ${path}`;
  // The program must answer within config.timeoutMs; an operation that takes longer than this hangs.
  const timeout = AbortSignal.timeout(Math.round(config.timeoutMs * config.deadlineFactor * 1.5));
  try {
    const response = await fetch(url + path, {
      method,
      signal: AbortSignal.any([signal, timeout]),
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as T;
    throw new OperationError(
      response.status < 500 ? 'rejected' : 'unavailable',
      `${name} answered ${response.status}: ${text}`,
    );
  } catch (error) {
    if (error instanceof OperationError) throw error;
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    const outcome = timeout.aborted ? 'timeout' : code === 'ECONNREFUSED' ? 'unavailable' : 'unknown';
    throw new OperationError(outcome, `${name}: ${code ?? String(error)}`, { cause: error });
  }
}

const operations = {
  read: (context: DriverContext, id: string) => call<Note>(context, 'GET', `/notes/${id}`),
  write: (context: DriverContext, id: string, body: string) =>
    call<{ id: string }>(context, 'PUT', `/notes/${id}`, body),
  search: (context: DriverContext, words: string) =>
    call<{ id: string }[]>(context, 'GET', `/search?for=${encodeURIComponent(words)}`),
};

async function seed(context: DriverContext): Promise<void> {
  for (const id of ['0', '1', '2']) await operations.write(context, id, `body of note ${id}`);
}

export default { seed, operations } satisfies TargetDriver;
