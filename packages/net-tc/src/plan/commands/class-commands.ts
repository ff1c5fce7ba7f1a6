import type { Command } from './command.js';
import { leafHandles, minor } from './handles.js';
import { netemArguments } from './netem-arguments.js';
import type { Shape } from '../shape.js';

/** One class of a device. */
export interface ClassLayout {
  readonly classMinor: number;
  readonly shape: Shape;
}

/** The place where classes hang. */
export interface ClassPlace {
  readonly device: string;
  readonly root: string;
  /** Largest packet in bytes; a token bucket must be able to hold one. */
  readonly mtuBytes: number;
}

const UNLIMITED = ['rate', '32gbit', 'ceil', '32gbit', 'burst', '1mb', 'cburst', '1mb', 'quantum', '60000'] as const;
/** Tokens for 10 ms: as long as the slowest kernel takes between two looks at its clock. */
const BURST_S = 0.01;
const TBF_LATENCY = '400ms';
const ETHERNET_HEADER_BYTES = 64;

/** The parent and the handle of a queueing discipline. */
interface QdiscPlace {
  readonly parent: string;
  readonly handle: string;
}

/** Sets up a class: the class itself, then netem, then the queue or the token bucket. */
export function addClass(place: ClassPlace, { classMinor, shape }: ClassLayout): readonly Command[] {
  const { device, root, mtuBytes } = place;
  const { netem, rate } = shape;
  const classId = `${root}:${minor(classMinor)}`;
  const limit = rate?.by === 'htb' ? htbRate(rate.rateBitsPerSecond, rate.burstBytes, mtuBytes) : UNLIMITED;
  const commands: Command[] = [
    { argv: ['tc', 'class', 'add', 'dev', device, 'parent', `${root}:`, 'classid', classId, 'htb', ...limit] },
  ];
  if (netem) {
    const handle = leafHandles(classMinor).first;
    commands.push(qdisc('add', device, { parent: classId, handle }, 'netem', ...netemArguments(netem)));
  }
  const queue = queuePlace(place, { classMinor, shape });
  if (rate?.by === 'tbf') {
    const words = tbfRate(rate.rateBitsPerSecond, rate.burstBytes, mtuBytes);
    commands.push(qdisc('add', device, queue, 'tbf', ...words));
  }
  // The default length of a queue is that of the device, which may be 0.
  else if (!netem) commands.push(qdisc('add', device, queue, 'pfifo', 'limit', String(rate?.queuePackets ?? 1000)));
  return commands;
}

/** Lets the queue of a class run dry fast, when no new packet goes there any more. */
export function openClass(place: ClassPlace, { classMinor, shape }: ClassLayout): readonly Command[] {
  const { device, root, mtuBytes } = place;
  const classId = `${root}:${minor(classMinor)}`;
  if (shape.rate?.by === 'htb')
    return [
      { argv: ['tc', 'class', 'change', 'dev', device, 'parent', `${root}:`, 'classid', classId, 'htb', ...UNLIMITED] },
    ];
  if (shape.rate?.by !== 'tbf') return [];
  return [qdisc('change', device, queuePlace(place, { classMinor, shape }), 'tbf', ...tbfRate(32e9, 0, mtuBytes))];
}

// The queue or bucket hangs below netem, where there is one.
function queuePlace({ root }: ClassPlace, { classMinor, shape }: ClassLayout): QdiscPlace {
  const { first, second } = leafHandles(classMinor);
  return shape.netem ? { parent: first, handle: second } : { parent: `${root}:${minor(classMinor)}`, handle: first };
}

function qdisc(
  verb: 'add' | 'change',
  device: string,
  { parent, handle }: QdiscPlace,
  ...words: readonly string[]
): Command {
  return { argv: ['tc', 'qdisc', verb, 'dev', device, 'parent', parent, 'handle', handle, ...words] };
}

/** Removes a class with all that hangs below it. */
export function removeClass({ device, root }: ClassPlace, { classMinor, shape }: ClassLayout): readonly Command[] {
  const classId = `${root}:${minor(classMinor)}`;
  const { first } = leafHandles(classMinor);
  const leaf: readonly Command[] =
    (shape.netem ?? shape.rate)
      ? [{ argv: ['tc', 'qdisc', 'del', 'dev', device, 'parent', classId, 'handle', first] }]
      : [];
  return [...leaf, { argv: ['tc', 'class', 'del', 'dev', device, 'classid', classId] }];
}

// tc's default burst is too small (it rounds twice), its default quantum warns in the kernel's log.
function htbRate(bitsPerSecond: number, burstBytes: number, mtuBytes: number): readonly string[] {
  const burst = String(burstBytes || Math.max(Math.ceil((bitsPerSecond / 8) * BURST_S), 2 * Math.min(mtuBytes, 1600)));
  const quantum = String(Math.min(60_000, Math.max(1514, Math.round(bitsPerSecond / 80))));
  return [
    'rate',
    `${bitsPerSecond}bit`,
    'ceil',
    `${bitsPerSecond}bit`,
    'burst',
    burst,
    'cburst',
    burst,
    'quantum',
    quantum,
  ];
}

// A packet larger than the bucket would never get through.
function tbfRate(bitsPerSecond: number, burstBytes: number, mtuBytes: number): readonly string[] {
  const burst = burstBytes || Math.max(Math.ceil((bitsPerSecond / 8) * BURST_S), mtuBytes + ETHERNET_HEADER_BYTES);
  return ['rate', `${bitsPerSecond}bit`, 'burst', String(burst), 'latency', TBF_LATENCY];
}
