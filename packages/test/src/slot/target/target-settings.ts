import { UsageError, type Json, type SlotContext } from '@chaos/spec';
import { linkKey, programOf, type Program } from './programs.js';
import type { PlaceholderValues, TargetOptions } from '@chaos/services/target';

/** Settings of the target in this slot: placeholders replaced, and the variant's environment added. */
export async function targetSettings(
  context: SlotContext,
  port: number,
): Promise<Pick<TargetOptions, 'command' | 'setup' | 'wrap' | 'cwd' | 'env' | 'ready' | 'databaseUrl'>> {
  const { connectionPoolSize, timeoutMs, deadlineFactor } = context.config;
  const { name, settings: target, instances } = programOf(context.config, context.name);
  if (target.command === undefined)
    throw new UsageError('Cannot start the target: target.command is not set', {
      hint: 'Set target.command in chaos.yaml to the command that starts your service.',
    });
  const { substitute } = await import('@chaos/services/target');
  const values: PlaceholderValues = {
    ...linkValues(context, name, target),
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
    // Once for all copies.
    setup: target.setup && instances[0] === context.name ? replaced(target.setup) : undefined,
    wrap: resolving(context),
    cwd: target.cwd,
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, substitute(value, values)])),
    ready: {
      ...('command' in ready ? { command: replaced(ready.command) } : ready),
      timeoutMs: Math.round(ready.timeoutMs * deadlineFactor),
      ...(deadlineFactor !== 1 && { stretched: `${ready.timeoutMs} ms × ${Number(deadlineFactor.toFixed(2))}` }),
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
function linkValues(context: SlotContext, from: string, { services, reaches }: Program['settings']): PlaceholderValues {
  const links = context.address('links') as Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  const values = [...services, ...reaches].flatMap((to) => {
    const own = services.includes(to) ? (context.address(to) as Readonly<Record<string, Json>>) : {};
    const address = { ...own, ...links[linkKey(from, to)] };
    return Object.entries(address).flatMap(([key, value]): [string, string | number][] =>
      typeof value === 'string' || typeof value === 'number' ? [[`${to}.${key}`, value]] : [],
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
      `Cannot use the variant ${JSON.stringify(variant)}: target.variants has ` +
        (Object.keys(variants).join(', ') || 'none'),
    );
  return env;
}
