import type { ShownQdisc } from './shown-qdisc.js';

type Options = Readonly<Record<string, unknown>>;
/** Writers that turn a qdisc's options back into tc words. Only kinds whose JSON shows every option are listed. */
const KINDS: Readonly<Record<string, (options: Options) => readonly string[] | undefined>> = {
  pfifo: ({ limit }) => words({ limit }),
  bfifo: ({ limit }) => words({ limit }),
  pfifo_fast: () => [],
  noqueue: () => [],
  tbf: ({ rate, burst, limit, lat, mpu, peakrate }) => {
    // tc tells either the latency or the limit it comes to; rates are bytes per second, times microseconds.
    if (
      typeof rate !== 'number' ||
      typeof burst !== 'number' ||
      peakrate !== undefined ||
      (mpu !== undefined && mpu !== 0)
    )
      return undefined;
    const queue =
      typeof limit === 'number'
        ? String(limit)
        : typeof lat === 'number'
          ? String(Math.round((rate * lat) / 1e6 + burst))
          : undefined;
    return queue === undefined ? undefined : ['rate', `${rate * 8}bit`, 'burst', String(burst), 'limit', queue];
  },
  fq_codel: ({ limit, flows, quantum, target, interval, memory_limit, ecn, drop_batch, ce_threshold }) => {
    if (ce_threshold !== undefined) return undefined;
    return [
      ...words({ limit, flows, quantum, memory_limit, drop_batch }),
      ...microseconds({ target, interval }),
      ecn === true ? 'ecn' : 'noecn',
    ];
  },
  sfq: ({ limit, quantum, depth, divisor, perturb, ...rest }) =>
    rest['flags'] !== undefined || rest['min'] !== undefined
      ? undefined
      : words({ limit, quantum, depth, divisor, perturb }),
};

/**
 * The words after `root` that set up this qdisc again, its handle included; `undefined` where that cannot be said for
 * sure.
 */
export function restoreWords({ kind, handle, options = {} }: ShownQdisc): readonly string[] | undefined {
  const settings = KINDS[kind]?.(options);
  return settings && ['handle', handle, kind, ...settings];
}

function words(options: Options): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => (typeof value === 'number' ? [name, String(value)] : []));
}

// The kernel counts them in units of 1.024 us and rounds down twice: one more comes to the same again.
function microseconds(options: Options): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    typeof value === 'number' ? [name, `${value + 1}us`] : [],
  );
}
