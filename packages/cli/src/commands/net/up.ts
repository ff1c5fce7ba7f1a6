import { ExitCode } from '@chaos/spec';
import type { CliContext } from '../../context.js';
import { asUsage, faultsOf } from './faults-of.js';
import type { NetFaultFlags } from './flags.js';
import { milliseconds } from './quantity.js';
import { stateFileJournal } from './state-file.js';

/** `chaos net up`: breaks a device until `net down`, or for a time that the kernel itself enforces. */
export async function netUp(
  flags: NetFaultFlags & { readonly device: string; readonly for?: string },
  context: CliContext,
): Promise<ExitCode> {
  const { apply, formatPlan, plan, probeCapabilities } = await import('@chaos/net-tc');
  const { device } = flags;
  const faults = await faultsOf(flags, device);
  const lease =
    flags.for === undefined
      ? ({ kind: 'none' } as const)
      : ({ kind: 'fixed', timeoutMs: Math.round(milliseconds('--for', flags.for)) } as const);
  const planned = await (async () =>
    plan({ device, faults, lease }, flags.dryRun === true ? undefined : await probeCapabilities()))().catch(
    (error: unknown) => {
      throw asUsage(error);
    },
  );
  if (flags.dryRun === true) {
    context.stdout.write(formatPlan(planned));
    return ExitCode.passed;
  }
  for (const note of planned.notes) context.stderr.write(`note: ${note}\n`);
  await apply(planned, { journal: stateFileJournal(device) });
  context.stdout.write(
    `${device} is broken ${flags.for === undefined ? 'until' : `for ${flags.for}, or until`}: chaos net down\n`,
  );
  return ExitCode.passed;
}
