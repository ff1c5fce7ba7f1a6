import { readFileSync } from 'node:fs';

/** Ports from … to, both inclusive. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Below are well-known services and servers started by hand. */
const LOWEST_PORT = 10_000;
const HIGHEST_PORT = 65_535;
/** Linux's default, if the system does not report it. */
const DEFAULT_EPHEMERAL: PortRange = { from: 32_768, to: 60_999 };
/** A smaller range has too few ports to choose from. */
const ENOUGH = 400;

/**
 * Ports that the kernel does not use for outgoing connections (ip(7), `ip_local_port_range`): below that range if there
 * is room, else above it. If there is no room, 10000-32767.
 */
export function portRange(ephemeral: PortRange = ephemeralRange()): PortRange {
  if (ephemeral.from - LOWEST_PORT >= ENOUGH) return { from: LOWEST_PORT, to: ephemeral.from - 1 };
  if (HIGHEST_PORT - ephemeral.to >= ENOUGH) return { from: ephemeral.to + 1, to: HIGHEST_PORT };
  return { from: LOWEST_PORT, to: DEFAULT_EPHEMERAL.from - 1 };
}

function ephemeralRange(): PortRange {
  try {
    const [from, to] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number);
    if (from !== undefined && to !== undefined && from > 0 && to >= from) return { from, to };
  } catch {
    // Not Linux, or /proc is masked.
  }
  return DEFAULT_EPHEMERAL;
}
