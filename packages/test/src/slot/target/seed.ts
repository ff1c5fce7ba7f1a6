import { EnvironmentError, UsageError, type SlotContext } from '@chaos/spec';
import { driverContext } from '../../driver/driver-context.js';

/** Fills the target by its driver, if that can. Throws `EnvironmentError` with the end of the target's output. */
export async function seed(
  context: SlotContext,
  { url, logTail }: { readonly url: string; logTail(): string | Promise<string> },
  signal: AbortSignal,
): Promise<void> {
  const { config } = context;
  const { driver: file, services } = config.target;
  if (file === undefined) return;
  const { loadDriver } = await import('@chaos/runner');
  const driver = await loadDriver(file);
  const seeding = driverContext({
    url,
    config,
    address: context.address,
    async issueToken(claims) {
      if (!services.includes('jwks')) throw new UsageError('Cannot issue a token: the target uses no {jwks.url}');
      return (await context.call('jwks', 'issue', [claims], signal)) as string;
    },
    signal,
  });
  try {
    await driver.seed?.(seeding);
  } catch (cause) {
    signal.throwIfAborted();
    throw new EnvironmentError(
      `Cannot seed the target with ${file}: ${cause instanceof Error ? cause.message : String(cause)}; ` +
        `last output of the target:\n${await logTail()}`,
      { cause },
    );
  }
}
