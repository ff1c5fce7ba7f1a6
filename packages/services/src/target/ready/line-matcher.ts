/** Looks for a line of a program's output that has a text, or matches a regular expression `/…/`. */
export class LineMatcher {
  readonly #matches: (line: string) => boolean;
  #seen = false;

  constructor(wanted: string) {
    const source = /^\/(.+)\/$/.exec(wanted)?.[1];
    const pattern = source === undefined ? undefined : new RegExp(source, 'u');
    this.#matches = (line) => (pattern === undefined ? line.includes(wanted) : pattern.test(line));
  }

  /** True once such a line has come. */
  get seen(): boolean {
    return this.#seen;
  }

  add(line: string): void {
    this.#seen ||= this.#matches(line);
  }
}
