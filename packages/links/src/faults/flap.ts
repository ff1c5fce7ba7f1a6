import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `flap`. */
export interface FlapOptions {
  /** Milliseconds in order. */
  readonly upMs: number;
  /** Milliseconds out of order. */
  readonly downMs: number;
}

/** Cuts the link for `downMs`, and lets it be healthy for `upMs`, in turn. */
export const flap: LinkFaultDefinition<FlapOptions> = defineLinkFault({
  wholeConnections: () => true,
  hides: () => true,
  proxy: ({ upMs, downMs }, { refuse }) => ({ toxic: refuse(), schedule: { onMs: downMs, offMs: upMs } }),
});
