import { ChaosError } from '@chaos/spec';

/** The services of the running test died with the slot process that kept them. */
export class SlotLost extends ChaosError {
  constructor(reason: string) {
    super('SLOT_LOST', reason, { hint: 'Was it killed from outside, or by the kernel for want of memory?' });
    this.name = 'SlotLost';
    // Drop the stack: the place where we noticed it does not help.
    this.stack = `${this.name}: ${reason}`;
  }
}
