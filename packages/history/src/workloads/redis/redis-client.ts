/** The part of a client of `ioredis` that is used, so that any version of it fits. */
export interface RedisClient {
  readonly status: string;
  call(command: string, ...args: (string | number)[]): Promise<unknown>;
  multi(commands: unknown[][]): { exec(): Promise<[error: Error | null, result: unknown][] | null> };
  duplicate(): RedisClient;
  disconnect(): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
}
