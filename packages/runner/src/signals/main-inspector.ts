import { Session } from 'node:inspector';
import type { InspectorMessage, Take } from '../hang/look-for-loop.js';

type Post = (method: string, params: object | undefined, done: (error: Error | null, result: object) => void) => void;

/**
 * The inspector of the main thread, used from another thread: it answers in the middle of a loop, too, but not while
 * main waits in a system call.
 */
export class MainInspector implements Disposable {
  readonly #session = new Session();
  readonly #timeoutMs: number;
  #unanswered = 0;
  #isOver = false;

  /** `timeoutMs`: limit of each request and session. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#session.connectToMainThread();
  }

  /** Resolves to its answer. Rejects if main does not answer in time. */
  request(method: string, params?: object): Promise<object> {
    return this.#inTime((resolve, reject) =>
      this.#post(method, params, (error, result) => (error ? reject(error) : resolve(result))),
    );
  }

  /** Sends commands and passes messages to `take`, until `take` returns a result. Rejects on time-out. */
  talk<T>(commands: readonly string[], take: Take<T>): Promise<T> {
    return this.#inTime((resolve) => {
      const hear = (message: InspectorMessage): void => {
        const answer = take(message, send);
        if (answer === undefined) return;
        this.#session.off('inspectorNotification', hear);
        resolve(answer);
      };
      const send = (method: string, params?: object): void =>
        this.#post(method, params, (_error, result) =>
          hear({ result: result as NonNullable<typeof result> & Record<string, unknown> }),
        );
      this.#session.on('inspectorNotification', hear);
      for (const method of commands) send(method);
    });
  }

  // Disconnecting waits for main; if main is in a system call, do it after main's next answer.
  [Symbol.dispose](): void {
    this.#isOver = true;
    if (this.#unanswered === 0) this.#session.disconnect();
  }

  #post(...[method, params, done]: Parameters<Post>): void {
    this.#unanswered++;
    (this.#session.post as Post).call(this.#session, method, params, (error, result) => {
      this.#unanswered--;
      if (!this.#isOver) done(error, result);
      else if (this.#unanswered === 0) this.#session.disconnect();
    });
  }

  #inTime<T>(start: (resolve: (value: T) => void, reject: (error: Error) => void) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      setTimeout(
        () => reject(new Error(`The main thread did not answer within ${this.#timeoutMs} ms`)),
        this.#timeoutMs,
      );
      start(resolve, reject);
    });
  }
}
