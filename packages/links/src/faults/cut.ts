import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `cut`. */
export interface CutOptions {
  /** Default `refuse`. */
  readonly mode?: 'refuse' | 'blackhole';
}

/**
 * Refuses connections and resets live ones at once (`refuse`, the default), or is silent (`blackhole`): sent bytes
 * vanish, and connections hang.
 */
export const cut: LinkFaultDefinition<CutOptions> = defineLinkFault({
  wholeConnections: (options) => modeOf(options) === 'refuse',
  hides: (options, backend) => modeOf(options) === 'refuse' || backend === 'packets',
  proxy: (options, { blackhole, refuse }) => ({ toxic: modeOf(options) === 'refuse' ? refuse() : blackhole() }),
  // Packets cannot refuse at once, nor end idle connections.
  packets: (options) => (modeOf(options) === 'refuse' ? undefined : { partition: 'drop' }),
});

function modeOf({ mode = 'refuse' }: CutOptions): 'refuse' | 'blackhole' {
  if (mode === 'refuse' || mode === 'blackhole') return mode;
  throw new TypeError(`Cannot cut a link: current mode is ${JSON.stringify(mode)}, it must be refuse or blackhole`);
}
