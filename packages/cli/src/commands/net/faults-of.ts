import { UsageError } from '@chaos/spec';
import type { Match, NetworkFault } from '@chaos/net-tc';
import type { NetFaultFlags } from './flags.js';
import { bitsPerSecond, milliseconds, ports, ratio } from './quantity.js';

/** Parses the faults from the flags. @throws UsageError for values that cannot be read, and if no fault is given */
export async function faultsOf(flags: NetFaultFlags, device: string): Promise<readonly NetworkFault[]> {
  const { profileFaults } = await import('@chaos/net-tc');
  const { delay, jitter, distribution, loss, duplicate, reorder, corrupt, rate, partition, profile, direction } = flags;
  const share = (flag: string, text: string): { ratio: number } => ({ ratio: ratio(flag, text) });
  if ((jitter ?? distribution) !== undefined && delay === undefined)
    throw new UsageError('Cannot use --jitter or --distribution without --delay');
  const effects = {
    ...(delay !== undefined && {
      delay: {
        delayMs: milliseconds('--delay', delay),
        jitterMs: jitter === undefined ? 0 : milliseconds('--jitter', jitter),
        distribution: (distribution ?? 'uniform') as 'uniform',
      },
    }),
    ...(loss !== undefined && { loss: { lossRatio: ratio('--loss', loss) } }),
    ...(duplicate !== undefined && { duplicate: share('--duplicate', duplicate) }),
    ...(reorder !== undefined && { reorder: share('--reorder', reorder) }),
    ...(corrupt !== undefined && { corrupt: share('--corrupt', corrupt) }),
    ...(rate !== undefined && { rate: { rateBitsPerSecond: bitsPerSecond('--rate', rate) } }),
    ...(partition !== undefined && { partition: partition as 'drop' }),
  };
  const own = Object.keys(effects).length > 0;
  if (!own && profile === undefined)
    throw new UsageError('Cannot break the network: no fault is given', {
      hint: 'Such as --delay 100ms, --loss 1%, --rate 1mbit, --partition drop, --profile 3g.',
    });
  const { exclude, match } = selectionOf(flags);
  try {
    return [
      ...(profile === undefined ? [] : profileFaults(profile, device, { match, exclude })),
      ...(own
        ? [{ match, exclude, ...(direction !== undefined && { direction: direction as 'egress' }), ...effects }]
        : []),
    ];
  } catch (error) {
    throw asUsage(error);
  }
}

/** Turns a wrong value into a usage error, because it came from the command line. */
export function asUsage(error: unknown): unknown {
  return error instanceof RangeError || error instanceof TypeError
    ? new UsageError(error.message, { cause: error })
    : error;
}

function selectionOf({ port = [], host = [], excludePort = [], protocol }: NetFaultFlags): {
  readonly match: readonly Match[];
  readonly exclude: readonly Match[];
} {
  const common = protocol === undefined ? {} : { protocol: protocol as 'tcp' };
  const both = (numbers: Match['sourcePorts'], hosts: Match['sourceHosts']): readonly Match[] => {
    const side = (which: 'source' | 'destination'): Match => ({
      ...common,
      ...(numbers?.length && { [`${which}Ports`]: numbers }),
      ...(hosts?.length && { [`${which}Hosts`]: hosts }),
    });
    return (numbers?.length ?? 0) + (hosts?.length ?? 0) > 0 ? [side('destination'), side('source')] : [];
  };
  const chosen = both(ports('--port', port), host);
  return { match: chosen.length > 0 ? chosen : [common], exclude: both(ports('--exclude-port', excludePort), []) };
}
