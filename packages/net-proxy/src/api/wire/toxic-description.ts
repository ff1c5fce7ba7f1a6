import type { LinkDirection } from '@chaos/spec';
import type { AddOptions, Schedule } from '../../active-toxic.js';
import { Timeline } from '../../timing/timeline.js';
import type { DatagramToxic, Toxic } from '../../toxic.js';
import { ApiError } from './api-error.js';
import type { Fields } from './decode-json.js';
import { TOXIC_TYPES, type Attributes } from './toxic-types.js';

/** A toxic as it is sent over HTTP, and the toxic it stands for. */
export interface ToxicDescription {
  readonly name: string;
  readonly type: string;
  /** The text as written: `UPSTREAM` keeps its case. */
  readonly stream: string;
  readonly direction: LinkDirection;
  readonly toxicity: number;
  readonly attributes: Attributes;
  readonly durationMs: number | undefined;
  readonly schedule: Schedule | undefined;
  readonly toxic: Toxic;
}

/** Reads a toxic that is to be created. Throws `ApiError`. */
export function describeToxic(fields: Fields): ToxicDescription {
  const [type, stream, toxicity, named] = [
    fields.string('type') ?? '',
    fields.string('stream') ?? 'downstream',
    fields.number('toxicity') ?? 1,
    fields.string('name') ?? '',
  ];
  const direction = stream.toLowerCase();
  if (direction !== 'upstream' && direction !== 'downstream')
    throw new ApiError('stream was invalid, can be either upstream or downstream', 400);
  if (!Object.hasOwn(TOXIC_TYPES, type)) throw new ApiError('invalid toxic type', 400);
  const attributes = readAttributes(type, fields, {});
  const [durationMs, schedule] = [
    fields.integer('duration') || undefined,
    readSchedule(fields.object('schedule', 'toxics.Schedule', 'ToxicWrapper.schedule')),
  ];
  checkTimes(type, { ...(durationMs !== undefined && { durationMs }), ...(schedule && { schedule }) });
  return {
    name: named === '' ? `${type}_${stream}` : named,
    type,
    stream,
    direction,
    toxicity,
    attributes,
    durationMs,
    schedule,
    toxic: create(type, attributes),
  };
}

/** Throws `ApiError` for a UDP toxic on a TCP proxy. */
export function checkProtocol({ name, type, toxic }: ToxicDescription, protocol: string): void {
  if (protocol === 'tcp' && (toxic as Partial<DatagramToxic>).datagramsOnly)
    throw new ApiError(`invalid toxic ${name}: ${type} is for datagrams, and the proxy carries a stream of bytes`, 400);
}

/** Returns the same toxic with the given attributes and toxicity; ignores all other fields. Throws `ApiError`. */
export function changeToxic(before: ToxicDescription, fields: Fields): ToxicDescription {
  const attributes = readAttributes(before.type, fields, before.attributes);
  return {
    ...before,
    attributes,
    toxicity: fields.number('toxicity') ?? before.toxicity,
    toxic: create(before.type, attributes),
  };
}

/** The toxic as Toxiproxy shows it; our own fields appear only if they were used. */
export function showToxic({
  attributes,
  name,
  type,
  stream,
  toxicity,
  durationMs,
  schedule,
}: ToxicDescription): Record<string, unknown> {
  return {
    attributes,
    name,
    type,
    stream,
    toxicity,
    ...(durationMs !== undefined && { duration: durationMs }),
    ...(schedule && { schedule: { start: schedule.startMs, on: schedule.onMs, off: schedule.offMs } }),
  };
}

/** Options for adding it to a proxy. */
export function addOptionsOf({ direction, toxicity, name, durationMs, schedule }: ToxicDescription): AddOptions {
  return {
    direction,
    name,
    toxicity: shareOf(toxicity),
    ...(durationMs !== undefined && { durationMs }),
    ...(schedule && { schedule }),
  };
}

/** Toxiproxy accepts any number as toxicity, and its users rely on it: 7 means all, -1 means none. */
export function shareOf(toxicity: number): number {
  return Math.min(1, Math.max(0, toxicity));
}

function readAttributes(type: string, fields: Fields, before: Attributes): Attributes {
  const given = fields.object('attributes', 'toxics.NoopToxic', `${goName(type)}.attributes`);
  const attributes: Record<string, number | string> = {};
  for (const [name, kind] of Object.entries(TOXIC_TYPES[type]?.attributes ?? {})) {
    const value =
      kind === 'integer'
        ? given?.integer(name, type === 'slicer' ? 'int' : 'int64')
        : kind === 'number'
          ? given?.number(name, 'float64')
          : given?.string(name);
    const kept = value ?? before[name] ?? (kind === 'name' ? undefined : 0);
    if (kept !== undefined) attributes[name] = kept;
  }
  return attributes;
}

/** `LatencyToxic`, as error texts have it. */
function goName(type: string): string {
  return `${type.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}Toxic`;
}

function readSchedule(fields: Fields | undefined): Schedule | undefined {
  if (fields === undefined) return undefined;
  const [startMs, onMs, offMs] = [fields.integer('start'), fields.integer('on'), fields.integer('off')];
  return {
    ...(startMs !== undefined && { startMs }),
    ...(onMs !== undefined && { onMs }),
    ...(offMs !== undefined && { offMs }),
  };
}

// Check now, not when the toxic starts: a list of proxies is validated before any of it is applied.
function checkTimes(type: string, times: Pick<AddOptions, 'durationMs' | 'schedule'>): void {
  try {
    void new Timeline(times);
  } catch (error) {
    throw new ApiError(`invalid times of ${type}: ${(error as Error).message}`, 400);
  }
}

function create(type: string, attributes: Attributes): Toxic {
  try {
    return (TOXIC_TYPES[type] as (typeof TOXIC_TYPES)[string]).create(attributes);
  } catch (error) {
    throw new ApiError(`invalid attributes of ${type}: ${(error as Error).message}`, 400);
  }
}
