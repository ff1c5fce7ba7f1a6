import { ExitCode } from '@chaos/spec';
import type { CliContext } from '../../context.js';
import { readStateFiles, removeStateFile } from './state-file.js';

/** `chaos net down`: undoes `net up`; with `--device` also the faults that another session left there. */
export async function netDown(flags: { readonly device?: string }, context: CliContext): Promise<ExitCode> {
  const { healDevice, local } = await import('@chaos/net-tc');
  const known = readStateFiles();
  const devices = flags.device === undefined ? [...known.keys()] : [flags.device];
  for (const device of devices) {
    const state = known.get(device) ?? { device, snapshot: { hasIngress: false }, namespace: null };
    await healDevice({ ...state, device, executor: local });
    removeStateFile(device);
    context.stdout.write(`${device} is as it was\n`);
  }
  if (devices.length === 0) context.stdout.write('Nothing to do: no device was broken by chaos net up.\n');
  return ExitCode.passed;
}
