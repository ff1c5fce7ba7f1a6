import { assertExecutor } from '../executors/assert-executor.js';
import type { RestoreData } from './restore-data.js';

// As the kernel allows it (dev_valid_name), without what an option or a batch of tc begins with.
const DEVICE = /^(?![-#])[^\s/:\0]{1,15}$/;
const WORD = /^[\w.:%]+$/;

/**
 * Checks recorded restore data before {@link healDevice} uses it, because its words go to tc and nft.
 *
 * @throws TypeError that names the part and its value
 */
export function assertRestoreData(data: RestoreData): void {
  const { executor, device, snapshot, namespace } = (data ?? {}) as { readonly [K in keyof RestoreData]?: unknown };
  assertDevice(device);
  if (namespace !== null && typeof namespace !== 'string') throw refusal('namespace', namespace);
  if (typeof snapshot !== 'object' || snapshot === null) throw refusal('snapshot', snapshot);
  const { root, hasIngress } = snapshot as { root?: unknown; hasIngress?: unknown };
  if (typeof hasIngress !== 'boolean') throw refusal('snapshot.hasIngress', hasIngress);
  if (root !== undefined && !(Array.isArray(root) && root.every((word) => WORD.test(String(word)))))
    throw refusal('snapshot.root', root);
  assertExecutor(executor as RestoreData['executor']);
}

/** Throws `TypeError` for what cannot be the name of a network device. */
export function assertDevice(device: unknown): asserts device is string {
  if (typeof device !== 'string' || !DEVICE.test(device) || device === '.' || device === '..')
    throw refusal('device', device);
}

function refusal(part: string, value: unknown): TypeError {
  return new TypeError(`Cannot undo network faults: ${part} is ${JSON.stringify(value)?.slice(0, 200)}`);
}
