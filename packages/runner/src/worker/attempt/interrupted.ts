/** The run was stopped while this test ran. */
export class Interrupted extends Error {
  constructor(reason: string) {
    super(`Test was interrupted: ${reason}`);
    this.name = 'Interrupted';
  }
}
