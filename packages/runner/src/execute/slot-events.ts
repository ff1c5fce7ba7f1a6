import type { RunEvent } from '@chaos/spec';
import { unexpectedIncident } from '../data/errors/describe-incident.js';
import { originOf } from '../data/origin.js';
import type { SlotEvents } from '../processes/slot-process.js';
import type { WorkerPool } from '../processes/workers/worker-pool.js';
import { wallMs } from '../real-time.js';
import type { MachineWatch } from './machine/watch-machine.js';

/** Parts of the run that hear of a slot. */
interface Hearers {
  emit(event: RunEvent): void;
  readonly workers: WorkerPool;
  /** Present once the machine is calibrated. */
  machine(): MachineWatch | undefined;
}

/** Tells the run what happens in a slot. */
export function slotEvents(slot: number, { emit, workers, machine }: Hearers): SlotEvents {
  const origin = originOf(slot);
  return {
    state: (state, detail) =>
      emit({ type: 'slot-state', slot, state, timeMs: wallMs(), ...(detail !== undefined && { detail }), origin }),
    log: (line) => emit({ type: 'diagnostic', text: `slot ${slot}: ${line}`, origin }),
    started: (pid) => machine()?.watch(`slot-${slot}`, pid),
    // The worker starts while the services start, unless they have failed already and the run is over.
    open: (namespace) => void (namespace && workers.move(slot, namespace).catch(() => {})),
    lost: (reason) => workers.loseSlot(slot, reason),
    incident: (incident) => emit({ type: 'run-error', error: unexpectedIncident(incident), origin }),
    process: (fixture, pid) => machine()?.watch(`${fixture}-${slot}`, pid),
    eventLoop: (reading) => machine()?.reportEventLoop(`slot-${slot}`, reading),
  };
}
