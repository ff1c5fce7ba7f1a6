import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attachment, RunEvent } from '@chaos/spec';
import type { Batch, Message } from '../protocol/messages.js';
import { eventsOf } from '../protocol/places.js';
import type { Seal } from '../trust/seal.js';
import type { Store } from '../store/store.js';

/** Events wait so long for others, ms. */
const GATHER_MS = 50;
/** Size of a batch, in messages and (about) characters. */
const MOST_MESSAGES = 500;
const MOST_CHARACTERS = 256 * 1024;
/** No new unit is taken while so many messages wait to be sent: the store, or the coordinator, is behind. */
const CROWDED = 5_000;
const CHUNK_BYTES = 192 * 1024;

/** Where an outbox sends to. */
export interface OutboxOptions {
  readonly store: Store;
  readonly seal: Seal;
  readonly runId: string;
  readonly session: string;
  /** Called when the store stayed away for too long: what waits is lost. */
  readonly onLost: (error: unknown) => void;
}

/** Sends messages in order, each exactly once: batches are numbered, and an entry that exists is not added again. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #waiting: Message[] = [];
  #seq = 0;
  #sentAt = -Infinity;
  #sending: Promise<void> | undefined;
  #isBroken = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** True while the store cannot keep up. */
  get isCrowded(): boolean {
    return this.#waiting.length > CROWDED;
  }

  post(message: Message): void {
    if (this.#isBroken) return;
    this.#waiting.push(message);
    this.#sending ??= this.#send().finally(() => (this.#sending = undefined));
  }

  /** Resolves when everything has arrived in the store. */
  async flush(): Promise<void> {
    while (this.#sending) await this.#sending;
  }

  async #send(): Promise<void> {
    // The first message after a silence goes at once: an agent may end in the middle of the test that it announces.
    await sleep(Math.max(0, this.#sentAt + GATHER_MS - performance.now()));
    try {
      while (this.#waiting.length > 0) await this.#sendBatch();
      this.#sentAt = performance.now();
    } catch (error) {
      this.#isBroken = true;
      this.#waiting.length = 0;
      this.#options.onLost(error);
    }
  }

  async #sendBatch(): Promise<void> {
    const messages: Message[] = [];
    let characters = 0;
    while (messages.length < MOST_MESSAGES && characters < MOST_CHARACTERS) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      for (const file of filesOf(next)) {
        await this.#add(messages.splice(0));
        await this.#sendFile(next as EventMessage, file);
      }
      messages.push(next);
      characters += sizeOf(next);
    }
    await this.#add(messages);
  }

  async #sendFile({ unit }: EventMessage, file: string): Promise<void> {
    const hash = createHash('sha256');
    const handle = await open(file, 'r').catch(() => undefined);
    if (handle === undefined) return;
    try {
      for (let index = 0; ; index++) {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES);
        const bytes = buffer.subarray(0, bytesRead);
        hash.update(bytes);
        const isLast = bytesRead < CHUNK_BYTES;
        const data = bytes.toString('base64');
        const sha256 = isLast ? { sha256: hash.digest('hex') } : {};
        await this.#add([{ kind: 'chunk', unit: unit ?? '', file, index, data, ...sha256 }]);
        if (isLast) return;
      }
    } finally {
      await handle.close();
    }
  }

  async #add(messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    const { store, seal, runId, session } = this.#options;
    const seq = this.#seq++;
    const id = `${session}-${seq}`;
    const batch: Batch = { session, seq, messages };
    await store.add(eventsOf(runId), id, seal.close(`${runId}/${id}`, batch));
  }
}

type EventMessage = Extract<Message, { kind: 'event' }>;

function filesOf(message: Message): readonly string[] {
  if (message.kind !== 'event' || message.event.type !== 'test-end') return [];
  return message.event.attempt.attachments.flatMap(({ path }: Attachment) => (path === undefined ? [] : [path]));
}

function sizeOf(message: Message): number {
  if (message.kind !== 'event') return 100;
  const { event } = message;
  if (event.type === 'test-output') return event.text.length;
  return event.type === 'test-end' ? 1_000 + textOf(event) : 300;
}

function textOf({ attempt }: Extract<RunEvent, { type: 'test-end' }>): number {
  const printed = [...attempt.stdout, ...attempt.stderr].reduce((sum, text) => sum + text.length, 0);
  return printed + attempt.attachments.reduce((sum, { body }) => sum + (body?.length ?? 0), 0);
}
