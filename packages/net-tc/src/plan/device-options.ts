import type { DeviceSetting } from './device-layout.js';
import type { Lease } from './commands/nft-ruleset.js';
import type { TcCapabilities } from './tc-capabilities.js';

/** Options of a device, and the time for which its rules hold without renewal. */
export interface DeviceOptions {
  /** Name of the device, such as `lo` or `eth0`. */
  readonly device: string;
  /** Largest packet in bytes. Default 65536 for `lo`, else 1500. */
  readonly mtuBytes?: number;
  /** Default: renewed, with an expiry 1000 ms after the owner stops renewing. */
  readonly lease?: Lease;
}

const LOOPBACK_MTU = 65_536;
const ETHERNET_MTU = 1500;

/** Checks the options of a device and applies their defaults. */
export function resolveSetting(
  {
    device,
    mtuBytes = device === 'lo' ? LOOPBACK_MTU : ETHERNET_MTU,
    lease = { kind: 'renewed', timeoutMs: 1000 },
  }: DeviceOptions,
  capabilities: TcCapabilities,
): DeviceSetting {
  // Accept names that the kernel takes, minus those that tc or nft would parse as something else.
  if (!/^[A-Za-z0-9_][\w.@+-]{0,14}$/.test(device))
    throw new RangeError(`Cannot use a device: ${JSON.stringify(device)} is no name of one`);
  if (!Number.isSafeInteger(mtuBytes) || mtuBytes < 68)
    throw new RangeError(
      `Cannot use the device ${device}: mtuBytes must be a whole number from 68, current value is ${mtuBytes}`,
    );
  if (lease.kind !== 'none' && !(Number.isSafeInteger(lease.timeoutMs) && lease.timeoutMs >= 200))
    throw new RangeError(
      `Cannot use the device ${device}: lease.timeoutMs must be a whole number from 200, ` +
        `current value is ${lease.timeoutMs}`,
    );
  return { device, mtuBytes, lease, capabilities };
}
