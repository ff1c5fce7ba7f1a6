import type { NetworkFault } from './fault/network-fault.js';

/** Figures of a typical connection, as its users measure it. */
export interface NetworkProfile {
  /** Round-trip delay, ms. */
  readonly roundTripMs: number;
  /** Jitter of the round trip, ± ms. */
  readonly jitterMs: number;
  /** Loss ratio in each direction. */
  readonly lossRatio: number;
  readonly downBitsPerSecond: number;
  readonly upBitsPerSecond: number;
}

/** The name of a {@link NetworkProfile}. */
export type ProfileName =
  | 'gprs'
  | 'edge'
  | '3g'
  | '4g'
  | '5g'
  | 'dsl'
  | 'cable'
  | 'satellite'
  | 'starlink'
  | 'lossy-wifi'
  | 'same-region'
  | 'cross-region'
  | 'cross-continent';

/**
 * Typical connections by name: figures of the usual throttling presets and of operators' published measurements,
 * rounded.
 */
export const profiles: Readonly<Record<ProfileName, NetworkProfile>> = {
  gprs: { roundTripMs: 500, jitterMs: 100, lossRatio: 0.01, downBitsPerSecond: 50_000, upBitsPerSecond: 20_000 },
  edge: { roundTripMs: 300, jitterMs: 60, lossRatio: 0.005, downBitsPerSecond: 240_000, upBitsPerSecond: 200_000 },
  '3g': { roundTripMs: 200, jitterMs: 40, lossRatio: 0.002, downBitsPerSecond: 1_600_000, upBitsPerSecond: 768_000 },
  '4g': { roundTripMs: 60, jitterMs: 15, lossRatio: 0.001, downBitsPerSecond: 12_000_000, upBitsPerSecond: 6_000_000 },
  '5g': {
    roundTripMs: 20,
    jitterMs: 5,
    lossRatio: 0.0005,
    downBitsPerSecond: 150_000_000,
    upBitsPerSecond: 30_000_000,
  },
  dsl: { roundTripMs: 40, jitterMs: 5, lossRatio: 0.0005, downBitsPerSecond: 16_000_000, upBitsPerSecond: 1_000_000 },
  cable: {
    roundTripMs: 20,
    jitterMs: 5,
    lossRatio: 0.0005,
    downBitsPerSecond: 100_000_000,
    upBitsPerSecond: 10_000_000,
  },
  satellite: {
    roundTripMs: 600,
    jitterMs: 30,
    lossRatio: 0.005,
    downBitsPerSecond: 25_000_000,
    upBitsPerSecond: 3_000_000,
  },
  starlink: {
    roundTripMs: 40,
    jitterMs: 12,
    lossRatio: 0.005,
    downBitsPerSecond: 100_000_000,
    upBitsPerSecond: 12_000_000,
  },
  'lossy-wifi': {
    roundTripMs: 20,
    jitterMs: 14,
    lossRatio: 0.03,
    downBitsPerSecond: 20_000_000,
    upBitsPerSecond: 20_000_000,
  },
  'same-region': {
    roundTripMs: 2,
    jitterMs: 0.4,
    lossRatio: 0,
    downBitsPerSecond: 5_000_000_000,
    upBitsPerSecond: 5_000_000_000,
  },
  'cross-region': {
    roundTripMs: 80,
    jitterMs: 4,
    lossRatio: 0.0001,
    downBitsPerSecond: 1_000_000_000,
    upBitsPerSecond: 1_000_000_000,
  },
  'cross-continent': {
    roundTripMs: 180,
    jitterMs: 8,
    lossRatio: 0.0005,
    downBitsPerSecond: 500_000_000,
    upBitsPerSecond: 500_000_000,
  },
};

/**
 * Faults that give a device this profile. Egress gets the uplink rate, ingress (through an ifb) the downlink rate. On
 * `lo`, where every packet is both, each direction of a connection gets half of the round trip and the downlink rate.
 *
 * @throws RangeError for an unknown name
 */
export function profileFaults(
  name: string,
  device: string,
  match: Pick<NetworkFault, 'match' | 'exclude'> = {},
): readonly NetworkFault[] {
  if (!Object.hasOwn(profiles, name))
    throw new RangeError(
      `Unknown network profile ${JSON.stringify(name)}: there are ${Object.keys(profiles).join(', ')}`,
    );
  const { roundTripMs, jitterMs, lossRatio, downBitsPerSecond, upBitsPerSecond } = profiles[name as ProfileName];
  const way = (direction: 'egress' | 'ingress', rateBitsPerSecond: number): NetworkFault => ({
    ...match,
    direction,
    delay: { delayMs: roundTripMs / 2, jitterMs: jitterMs / 2 },
    rate: { rateBitsPerSecond },
    ...(lossRatio > 0 && { loss: { lossRatio } }),
  });
  return device === 'lo'
    ? [way('egress', downBitsPerSecond)]
    : [way('egress', upBitsPerSecond), way('ingress', downBitsPerSecond)];
}
