import { ChaosError } from '@chaos/spec';

/** A test ended without undoing its fault. */
export class UnhealedFault extends ChaosError {
  constructor(what: string) {
    super('FAULT_UNHEALED', `Test ended with a fault in force: ${what}`, {
      hint: 'Faults that inject() puts in force are healed at the end; settle() what you record in the journal yourself when it is undone.',
    });
    this.name = 'UnhealedFault';
    // Drop the stack: the place where we noticed it does not help.
    this.stack = `${this.name}: ${this.message}`;
  }
}
