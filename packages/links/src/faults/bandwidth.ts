import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `bandwidth`. */
export interface BandwidthOptions {
  /** Bits a second. */
  readonly rateBitsPerSecond: number;
}

/** Limits the rate of each direction: of each connection by the proxy, of all together by the kernel. */
export const bandwidth: LinkFaultDefinition<BandwidthOptions> = defineLinkFault({
  proxy: ({ rateBitsPerSecond }, { bandwidth: limit }) => ({ toxic: limit({ bytesPerSecond: rateBitsPerSecond / 8 }) }),
  packets: ({ rateBitsPerSecond }) => ({ rate: { rateBitsPerSecond } }),
});
