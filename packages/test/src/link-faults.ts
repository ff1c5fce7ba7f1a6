import type { LinkFaults } from '@chaos/spec';

/** The name of a fault of a link. */
export type LinkFaultName = keyof LinkFaults;

/** Every fault of a link, by name. */
export const LINK_FAULTS: readonly LinkFaultName[] = Object.keys({
  cut: 0,
  latency: 0,
  bandwidth: 0,
  reset: 0,
  hangUp: 0,
  connectDelay: 0,
  timeout: 0,
  slowClose: 0,
  slicer: 0,
  limitData: 0,
  flap: 0,
  loss: 0,
  duplicate: 0,
  reorder: 0,
  corrupt: 0,
} satisfies Record<LinkFaultName, 0>) as LinkFaultName[];
