import { join } from 'node:path';
import type { Session } from '../protocol/messages.js';
import { FileReceiver } from './file-receiver.js';

/** An agent, as its coordinator knows it. */
export class AgentSession {
  readonly info: Session;
  readonly slotOffset: number;
  readonly files: FileReceiver;
  /** Number of the next batch. */
  seq = 0;
  /** `lost`: its lease has expired, what it says now is refused. */
  state: 'here' | 'left' | 'lost' = 'here';
  /** When it last gave a sign of life, by the clock of this process. */
  seenAt: number = performance.now();
  /** It took units: what the ends of its workers tell belongs to the run. */
  hasRun = false;
  #beat = 0;
  readonly #workers = new Map<number, number>();

  constructor(info: Session, slotOffset: number, folder: string) {
    this.info = info;
    this.slotOffset = slotOffset;
    this.files = new FileReceiver(join(folder, 'fleet', info.session));
  }

  /** Takes the count of its signs of life; it lives while that grows. */
  note(beat: number): void {
    if (beat === this.#beat) return;
    this.#beat = beat;
    this.seenAt = performance.now();
  }

  /** The number of a worker in the report; -1 means that no worker ran it. */
  worker(index: number, take: () => number): number {
    if (index < 0) return index;
    const known = this.#workers.get(index);
    if (known !== undefined) return known;
    const number = take();
    this.#workers.set(index, number);
    return number;
  }
}
