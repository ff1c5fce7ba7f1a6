import { ExitCode } from '@chaos/spec';
import type { CliContext } from '../context.js';
import type { ConfigFlags } from '../flags.js';
import { resolveSettings } from '../settings/resolve-settings.js';
import { print } from '../output/print.js';
import { printJson } from '../output/print-json.js';
import { table } from '../output/table.js';

const GIB = 2 ** 30;

/** `chaos env`. */
export async function env(
  flags: ConfigFlags & { readonly json?: boolean; readonly calibrate?: boolean },
  context: CliContext,
): Promise<ExitCode> {
  const [{ calibrate, detectCapabilities, detectCi, detectHardware }, { resolvedAsJson }] = await Promise.all([
    import('@chaos/env'),
    import('@chaos/config'),
  ]);
  // Measure before anything else starts: our own trials would be counted as competition by other processes.
  const calibration = flags.calibrate === true ? await calibrate() : undefined;
  const config = await resolveSettings(flags, {}, context);
  const [hardware, ci, capabilities] = await Promise.all([detectHardware(), detectCi(), detectCapabilities()]);
  const { profile, environment } = config;
  const loadMultiplier = {
    value: config.loadMultiplier,
    source: resolvedAsJson(config)['loadMultiplier']?.source ?? 'default',
  };

  if (flags.json === true) {
    printJson(context, {
      hardware,
      profile,
      environment,
      loadMultiplier,
      ci,
      capabilities,
      ...(calibration && { calibration }),
    });
    return ExitCode.passed;
  }
  const rows = [
    ['CPUs', `${hardware.usableCpus} usable of ${hardware.logicalCpus} (${hardware.cpuModel})`],
    [
      'memory',
      `${(hardware.usableMemoryBytes / GIB).toFixed(1)} GiB usable of ${(hardware.totalMemoryBytes / GIB).toFixed(1)}`,
    ],
    ['virtualization', `${hardware.virtualization}, container: ${hardware.container}`],
    ['CI', ci.isCi ? (ci.name ?? 'yes') : 'no'],
    ['profile', profile],
    ['environment', environment],
    ['load multiplier', `${loadMultiplier.value} (${loadMultiplier.source})`],
    ...(calibration
      ? [['speed', `${calibration.speed.toFixed(2)} of the reference, contention ${calibration.contention.toFixed(2)}`]]
      : []),
  ];
  const trials = Object.entries(capabilities).map(([name, { available, reason, fix }]) => [
    `  ${available ? 'yes' : 'no '} ${name}`,
    available || fix === '' ? reason : `${reason}; ${fix}`,
  ]);
  print(context, `${table(rows)}capabilities\n${table(trials)}`);
  return ExitCode.passed;
}
