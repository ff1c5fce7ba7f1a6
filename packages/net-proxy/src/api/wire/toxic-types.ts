import type { Distribution } from '../../timing/delay-law.js';
import type { Toxic } from '../../toxic.js';
import { bandwidth } from '../../toxics/bandwidth.js';
import { blackhole } from '../../toxics/blackhole.js';
import { connectDelay } from '../../toxics/connect-delay.js';
import { corrupt } from '../../toxics/corrupt.js';
import { duplicate } from '../../toxics/duplicate.js';
import { latency } from '../../toxics/latency.js';
import { limitData } from '../../toxics/limit-data.js';
import { loss } from '../../toxics/loss.js';
import { noop } from '../../toxics/noop.js';
import { refuse } from '../../toxics/refuse.js';
import { reorder } from '../../toxics/reorder.js';
import { resetPeer } from '../../toxics/reset-peer.js';
import { slicer } from '../../toxics/slicer.js';
import { slowClose } from '../../toxics/slow-close.js';
import { timeout } from '../../toxics/timeout.js';

/** Attributes as they go over HTTP. */
export type Attributes = Readonly<Record<string, number | string>>;

/** A toxic as the HTTP API knows it. */
export interface ToxicType {
  /**
   * In the order in which they are shown. `integer` and `number` default to 0; `name`, a string, is shown only if it
   * was given.
   */
  readonly attributes: Readonly<Record<string, 'integer' | 'number' | 'name'>>;
  /** Throws `RangeError` or `TypeError` for what makes no sense. */
  create(attributes: Attributes): Toxic;
}

const KILOBYTE = 1000;
const NO_ATTRIBUTES = {};

const n = (attributes: Attributes, name: string): number => attributes[name] as number;
const law = ({ distribution }: Attributes): { distribution?: Distribution } =>
  distribution === undefined ? {} : { distribution: distribution as Distribution };

/** Toxiproxy's types with its attributes and units, followed by our own. */
export const TOXIC_TYPES: Readonly<Record<string, ToxicType>> = {
  latency: {
    attributes: { latency: 'integer', jitter: 'integer', distribution: 'name' },
    create: (a) => latency({ latencyMs: n(a, 'latency'), jitterMs: n(a, 'jitter'), ...law(a) }),
  },
  bandwidth: { attributes: { rate: 'integer' }, create: (a) => bandwidth({ bytesPerSecond: n(a, 'rate') * KILOBYTE }) },
  slow_close: { attributes: { delay: 'integer' }, create: (a) => slowClose({ delayMs: n(a, 'delay') }) },
  timeout: { attributes: { timeout: 'integer' }, create: (a) => timeout({ timeoutMs: n(a, 'timeout') }) },
  slicer: {
    attributes: { average_size: 'integer', size_variation: 'integer', delay: 'integer' },
    create: (a) =>
      slicer({
        averageBytes: n(a, 'average_size'),
        variationBytes: n(a, 'size_variation'),
        delayMs: n(a, 'delay') / 1000,
      }),
  },
  reset_peer: { attributes: { timeout: 'integer' }, create: (a) => resetPeer({ timeoutMs: n(a, 'timeout') }) },
  limit_data: { attributes: { bytes: 'integer' }, create: (a) => limitData({ bytes: n(a, 'bytes') }) },
  noop: { attributes: NO_ATTRIBUTES, create: () => noop() },
  down: { attributes: NO_ATTRIBUTES, create: () => refuse({ live: 'fin' }) },
  refuse: { attributes: NO_ATTRIBUTES, create: () => refuse() },
  blackhole: { attributes: NO_ATTRIBUTES, create: () => blackhole() },
  corrupt: { attributes: { byte_ratio: 'number' }, create: (a) => corrupt({ byteRatio: n(a, 'byte_ratio') }) },
  loss: {
    attributes: { ratio: 'number', burst: 'number' },
    create: (a) => loss({ ratio: n(a, 'ratio'), burst: n(a, 'burst') || 1 }),
  },
  duplicate: { attributes: { ratio: 'number' }, create: (a) => duplicate({ ratio: n(a, 'ratio') }) },
  reorder: {
    attributes: { ratio: 'number', delay: 'integer' },
    create: (a) => reorder({ ratio: n(a, 'ratio'), delayMs: n(a, 'delay') }),
  },
  connect_delay: {
    attributes: { delay: 'integer', jitter: 'integer', distribution: 'name' },
    create: (a) => connectDelay({ delayMs: n(a, 'delay'), jitterMs: n(a, 'jitter'), ...law(a) }),
  },
};
