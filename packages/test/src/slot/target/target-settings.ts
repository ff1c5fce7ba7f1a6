import { UsageError, type Json, type SlotContext } from '@chaos/spec';
import type { PlaceholderValues, TargetOptions } from '@chaos/services/target';

/** Settings of the target in this slot: placeholders replaced, and the variant's environment added. */
export async function targetSettings(
  context: SlotContext,
  port: number,
): Promise<Pick<TargetOptions, 'command' | 'setup' | 'wrap' | 'cwd' | 'env' | 'ready' | 'databaseUrl'>> {
  const { target, connectionPoolSize, timeoutMs, deadlineFactor } = context.config;
  if (target.command === undefined)
    throw new UsageError('Cannot start the target: target.command is not set', {
      hint: 'Set target.command in chaos.yaml to the command that starts your service.',
    });
  const { substitute } = await import('@chaos/services/target');
  const values: PlaceholderValues = {
    ...serviceValues(context),
    port,
    connection_pool_size: connectionPoolSize,
    timeout_ms: timeoutMs,
  };
  const replaced = ([program, ...args]: readonly [string, ...string[]]): [string, ...string[]] => [
    substitute(program, values),
    ...args.map((argument) => substitute(argument, values)),
  ];
  const { ready } = target;
  const env = { ...target.env, ...variantEnv(context) };
  return {
    command: replaced(target.command),
    setup: target.setup && replaced(target.setup),
    wrap: resolving(context),
    cwd: target.cwd,
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, substitute(value, values)])),
    ready: {
      ...('command' in ready ? { command: replaced(ready.command) } : ready),
      timeoutMs: Math.round(ready.timeoutMs * deadlineFactor),
    },
    // Past its link, which may be broken.
    databaseUrl: target.services.includes('postgres')
      ? (context.address('postgres') as { readonly url: string }).url
      : undefined,
  };
}

// In a sandbox it finds services by the slot's names.
function resolving({ sandboxed, address }: SlotContext): readonly string[] {
  return sandboxed ? (address('dns') as { readonly wrap: readonly string[] }).wrap : [];
}

// Rewrite its URL to lead through the link. An issuer is a name, so leave it as tokens state it.
function serviceValues(context: SlotContext): PlaceholderValues {
  const links = context.address('links') as Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  const values = context.config.target.services.flatMap((service) => {
    const address = { ...(context.address(service) as Readonly<Record<string, Json>>), ...links[service] };
    return Object.entries(address).flatMap(([key, value]): [string, string | number][] =>
      typeof value === 'string' || typeof value === 'number' ? [[`${service}.${key}`, value]] : [],
    );
  });
  return Object.fromEntries(values);
}

function variantEnv({ variant, config }: SlotContext): Readonly<Record<string, string>> {
  if (variant === undefined) return {};
  const { variants } = config.target;
  const env = Object.hasOwn(variants, variant) ? variants[variant] : undefined;
  if (env === undefined)
    throw new UsageError(
      `Cannot use the variant ${JSON.stringify(variant)}: target.variants has ${Object.keys(variants).join(', ') || 'none'}`,
    );
  return env;
}
