import { ExitCode } from '@chaos/spec';
import type { CliContext } from '../../context.js';
import { table } from '../../output/table.js';
import { readStateFiles } from './state-file.js';

/** `chaos net show`: the faults on a device, read from the kernel. */
export async function netShow(
  flags: { readonly device?: string; readonly json?: boolean },
  context: CliContext,
): Promise<ExitCode> {
  const { show } = await import('@chaos/net-tc');
  const devices = flags.device === undefined ? [...readStateFiles().keys()] : [flags.device];
  const shown = await Promise.all(devices.map(async (device) => ({ device, ...(await show(device)) })));
  if (flags.json === true) {
    context.stdout.write(`${JSON.stringify({ devices: shown }, undefined, 2)}\n`);
    return ExitCode.passed;
  }
  for (const { device, classes, rules, filters, inForce } of shown) {
    const chosen = Object.entries(rules).flatMap(([chain, lines]) => lines.map((line) => [`  ${chain}`, line]));
    const rows = classes.map(({ classId, rateBitsPerSecond, netem = {} }) => [
      `  class ${classId}`,
      [
        ...(rateBitsPerSecond === undefined ? [] : [`rate ${rateBitsPerSecond} bit/s`]),
        ...Object.entries(netem).map(([name, value]) => `${name} ${value}`),
      ].join(', '),
    ]);
    const empty = rows.length + chosen.length + filters === 0;
    context.stdout.write(
      `${device}: ${empty ? 'no faults' : inForce ? 'faults in force' : 'faults that have run out'}\n${table([...rows, ...chosen, ...(filters > 0 ? [['  filters', String(filters)]] : [])])}`,
    );
  }
  if (devices.length === 0)
    context.stdout.write('No device was broken by chaos net up; --device <name> shows another one.\n');
  return ExitCode.passed;
}
