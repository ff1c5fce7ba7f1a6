/** The reason of a run's end where its main process was blocked for too long. The watchdog has reported the place. */
export class Blocked extends Error {
  constructor() {
    super('The main process was blocked for too long');
    this.name = 'Blocked';
  }
}
