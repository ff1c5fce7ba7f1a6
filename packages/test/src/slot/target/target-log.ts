const MOST_LINES = 2000;

/** The last lines that the target printed, with their time. */
export class TargetLog {
  readonly #lines: { readonly atMs: number; readonly text: string }[] = [];

  add(text: string): void {
    this.#lines.push({ atMs: Date.now(), text });
    if (this.#lines.length > MOST_LINES) this.#lines.splice(0, MOST_LINES / 2);
  }

  /** Lines since a time, in milliseconds since the Unix epoch; each begins with its time of day, UTC. */
  since(atMs: number): string {
    return this.#lines
      .filter((line) => line.atMs >= atMs)
      .map((line) => `${new Date(line.atMs).toISOString().slice(11, 23)} ${line.text}`)
      .join('\n');
  }
}
