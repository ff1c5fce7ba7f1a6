import { rounded } from './shown-device.js';

type Options = Readonly<Record<string, unknown>>;
/** Effects in tc's JSON: the key of each, and the factors that convert its numbers into our units. */
const EFFECTS: readonly (readonly [string, Readonly<Record<string, readonly [name: string, factor: number]>>])[] = [
  ['delay', { delay: ['delayMs', 1000], jitter: ['jitterMs', 1000], correlation: ['delayCorrelation', 1] }],
  ['loss-random', { loss: ['lossRatio', 1], correlation: ['lossCorrelation', 1] }],
  ['loss-gemodel', { p: ['toBad', 1], r: ['toGood', 1], '1-h': ['lossInBad', 1], '1-k': ['lossInGood', 1] }],
  ['loss-state', { p13: ['p13', 1], p31: ['p31', 1], p32: ['p32', 1], p23: ['p23', 1], p14: ['p14', 1] }],
  ['duplicate', { duplicate: ['duplicateRatio', 1], correlation: ['duplicateCorrelation', 1] }],
  ['reorder', { reorder: ['reorderRatio', 1], correlation: ['reorderCorrelation', 1] }],
  ['corrupt', { corrupt: ['corruptRatio', 1], correlation: ['corruptCorrelation', 1] }],
  ['rate', { rate: ['rateBitsPerSecond', 8] }],
  ['slot', { 'min-delay': ['slotMinDelayMs', 1000], 'max-delay': ['slotMaxDelayMs', 1000] }],
];

/** The options of a netem as `tc -j` prints them, flat and in our units; zeros are left out. */
export function shownNetem(options: Options): Readonly<Record<string, number>> {
  const entries = EFFECTS.flatMap(([effect, fields]) => {
    const told = options[effect] as Options | undefined;
    return told === undefined || typeof told !== 'object'
      ? []
      : Object.entries(fields).map(([field, [name, factor]]) => [name, Number(told[field] ?? 0) * factor] as const);
  });
  return asShown({
    limitPackets: Number(options['limit']),
    ...Object.fromEntries(entries),
    ...(options['ecn'] === true && { ecn: 1 }),
  });
}

/** In the same precision, without zeros, in one order. */
export function asShown(numbers: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const kept = Object.entries(numbers).filter(([, number]) => number !== 0);
  return Object.fromEntries(
    kept.map(([name, number]) => [name, rounded(number, 4)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
