import { NAMESPACE_TRIALS, probeNamespace, tryInNamespace, type NamespaceTrial } from '@chaos/env';
import { local, type Executor } from '../executors/executor.js';
import type { TcCapabilities, TcCapability, TcCapabilityName } from '../plan/tc-capabilities.js';
import { attemptThrough } from './attempt-through.js';

const { htb, tbf, netem, nft, ifb } = NAMESPACE_TRIALS;
const SEED: NamespaceTrial = {
  script: 'tc qdisc add dev lo root netem delay 1ms seed 1',
  fix: 'Use Linux 6.6 and iproute2 6.6 or later.',
};
const TRIALS: Readonly<Record<TcCapabilityName, NamespaceTrial>> = { htb, tbf, netem, 'netem-seed': SEED, nft, ifb };
const known = new Map<string, Promise<TcCapabilities>>();

/**
 * Finds out by trying what can be used where the executor runs, once per place. Where namespaces cannot be made for the
 * trials (a container without SYS_ADMIN) everything counts as available, and what is missing says so when it is used.
 */
export function probeCapabilities(
  executor: Executor = local,
  signal: AbortSignal = new AbortController().signal,
): Promise<TcCapabilities> {
  const key = [...executor.prefix, ...(executor.programs ?? [])].join('\0');
  const before = known.get(key);
  if (before) return before;
  const result = probeAll(executor, signal);
  known.set(key, result);
  result.catch(() => known.delete(key));
  return result;
}

async function probeAll(executor: Executor, signal: AbortSignal): Promise<TcCapabilities> {
  const attempt = attemptThrough(executor, signal);
  const { argv: space } = await probeNamespace(attempt);
  const entries = Object.entries(TRIALS).map(async ([name, trial]): Promise<readonly [string, TcCapability]> => {
    if (space === undefined)
      return [name, { available: true, reason: 'assumed: there is no namespace to try it in', fix: '' }];
    return [name, await tryInNamespace(attempt, space, trial)];
  });
  return Object.fromEntries(await Promise.all(entries)) as TcCapabilities;
}
