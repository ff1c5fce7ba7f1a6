import { ChaosError } from '@chaos/spec';

/** The services of the running test died with the process that kept them. */
export class SlotLost extends ChaosError {
  constructor(reason: string) {
    super('SLOT_LOST', reason, { hint: 'Was it killed from outside, or by the kernel for want of memory?' });
    this.name = 'SlotLost';
    // Where it was noticed says nothing.
    this.stack = `${this.name}: ${reason}`;
  }
}
