import { noJournal, type Journal } from '@chaos/spec';
import { createAttempt } from './attempt.js';
import type { Capabilities, Capability, CapabilityName } from './capability.js';
import { probeCgroup } from './probe-cgroup.js';
import { probeNetwork } from './probe-network.js';
import { probeFaketime, probePsi, probeRedis, probeRoot, probeSetpriv, probeStrace } from './probe-programs.js';

/** Options of {@link detectCapabilities}. */
export interface DetectCapabilitiesOptions {
  readonly signal?: AbortSignal;
  /** Time-out of each trial, ms. Default 5000. */
  readonly timeoutMs?: number;
  /** Gets the undo recipe of the one trial that leaves something behind if it is killed (a cgroup). */
  readonly journal?: Journal;
}

/**
 * Finds the capabilities of this machine by trying them, in throw-away namespaces and child processes: versions and
 * configuration files are never consulted. All trials run in parallel, about 0.2 s together.
 *
 * @throws the signal's reason when it aborts.
 */
export async function detectCapabilities(options: DetectCapabilitiesOptions = {}): Promise<Capabilities> {
  const attempt = createAttempt(options.timeoutMs ?? 5000, options.signal ?? new AbortController().signal);
  const [network, cgroup, faketime, redis, setpriv, strace] = await Promise.all([
    probeNetwork(attempt),
    probeCgroup(options.journal ?? noJournal),
    probeFaketime(attempt),
    probeRedis(attempt),
    probeSetpriv(attempt),
    probeStrace(attempt),
  ]);
  const inNamespace = Object.fromEntries(network) as Record<CapabilityName, Capability>;
  return {
    ...inNamespace,
    root: probeRoot(),
    cgroup,
    psi: probePsi(),
    faketime,
    'redis-server': redis,
    setpriv,
    strace,
  };
}
