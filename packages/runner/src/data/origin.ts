import { hostname } from 'node:os';
import type { EventOrigin } from '@chaos/spec';

const HOST = hostname();

/** The origin of an event about a slot of this machine, or about the worker of a slot. */
export function originOf(slot: number, worker?: number): EventOrigin {
  return { host: HOST, slot, ...(worker !== undefined && { worker }) };
}
