import { formatJson } from './exact-json.js';
import { formatValue } from '../describe/format-value.js';
import { formatError, placeOf } from './format-error.js';
import { readAtom } from './edn-atom.js';

const WHITESPACE = new Set([' ', '\t', '\n', '\r', '\f', ',']);
/** Deeper values are refused: readers and printers go through a value by recursion. */
const MOST_DEPTH = 500;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * Reads EDN (github.com/edn-format/edn) as plain data: keywords and symbols become strings, lists, vectors and sets
 * arrays, maps objects, characters strings. Tags are left off, so that a record is its map.
 */
export class EdnParser {
  readonly #text: string;
  readonly #file: string;
  readonly #firstLine: number;
  #at = 0;
  #depth = 0;

  constructor(text: string, file: string, firstLine = 1) {
    this.#text = text;
    this.#file = file;
    this.#firstLine = firstLine;
  }

  /**
   * The forms of the text with their offsets; those of a list or vector at the top one by one, as if it were not there.
   */
  *forms(): Generator<readonly [offset: number, form: unknown], void> {
    const text = this.#text;
    for (this.#skip(); this.#at < text.length; this.#skip()) {
      const start = this.#at;
      const closing = text[start] === '[' || text[start] === '(' ? CLOSING[text[start]] : undefined;
      if (closing === undefined) {
        yield [start, this.form()];
        continue;
      }
      this.#at++;
      for (this.#skip(); text[this.#at] !== closing; this.#skip()) {
        if (this.#at >= text.length) this.fail(start, `what is opened here is not closed by ${closing}`);
        yield [this.#at, this.form()];
      }
      this.#at++;
    }
  }

  /** The form that begins here. */
  form(): unknown {
    if (++this.#depth > MOST_DEPTH) this.fail(this.#at, `values nest deeper than ${MOST_DEPTH} levels here`);
    const value = this.#form();
    this.#depth--;
    return value;
  }

  #form(): unknown {
    this.#skip();
    const start = this.#at;
    const character = this.#text[start];
    if (character === undefined) return this.fail(start, 'the text ends where a value must come');
    if (character === '(' || character === '[') return this.#sequence(CLOSING[character]!);
    if (character === '{') return this.#map();
    if (character === '"') return this.#string();
    if (character === '#') return this.#dispatch();
    if (character === '^') {
      // Metadata says something about the value after it.
      this.#at++;
      this.form();
      return this.form();
    }
    if (character === ')' || character === ']' || character === '}')
      return this.fail(start, `${character} closes nothing`);
    return this.#atom();
  }

  fail(offset: number, problem: string): never {
    throw formatError(placeOf(this.#text, offset, this.#file, this.#firstLine), problem);
  }

  #skip(): void {
    const text = this.#text;
    for (;;) {
      const character = text[this.#at];
      if (character !== undefined && WHITESPACE.has(character)) this.#at++;
      else if (character === ';') {
        const end = text.indexOf('\n', this.#at);
        this.#at = end < 0 ? text.length : end + 1;
      } else if (character === '#' && text[this.#at + 1] === '_') {
        this.#at += 2;
        this.form();
      } else return;
    }
  }

  #sequence(closing: string): unknown[] {
    const start = this.#at++;
    const values: unknown[] = [];
    for (;;) {
      this.#skip();
      const character = this.#text[this.#at];
      if (character === closing) break;
      if (character === undefined) this.fail(start, `what is opened here is not closed by ${closing}`);
      values.push(this.form());
    }
    this.#at++;
    return values;
  }

  #map(): Record<string, unknown> {
    const start = this.#at;
    const values = this.#sequence('}');
    if (values.length % 2 === 1)
      this.fail(start, `a map needs a value for each key, current is ${values.length} forms`);
    const map: Record<string, unknown> = {};
    for (let index = 0; index < values.length; index += 2) {
      const key = values[index];
      const name = typeof key === 'string' ? key : formatJson(key)!;
      if (Object.hasOwn(map, name)) this.fail(start, `a map has each key once, current is ${formatValue(key)} twice`);
      if (name === '__proto__')
        Object.defineProperty(map, name, {
          value: values[index + 1],
          enumerable: true,
          configurable: true,
          writable: true,
        });
      else map[name] = values[index + 1];
    }
    return map;
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    while (this.#text[end] !== '"') {
      if (this.#text[end] === undefined) this.fail(start, 'the string is not closed');
      end += this.#text[end] === '\\' ? 2 : 1;
    }
    this.#at = end + 1;
    const raw = this.#text.slice(start, end + 1);
    if (!raw.includes('\\') && !raw.includes('\n')) return raw.slice(1, -1);
    try {
      // Line feeds may stand in a string of EDN; its escapes are those of JSON.
      return JSON.parse(raw.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')) as string;
    } catch {
      return this.fail(start, `the string ${raw} has an escape that EDN does not know`);
    }
  }

  #dispatch(): unknown {
    const following = this.#text[this.#at + 1];
    if (following === '{') {
      this.#at++;
      return this.#sequence('}');
    }
    if (following === '#') {
      this.#at += 2;
      return this.#atom();
    }
    // A tag, #inst or #jepsen.history.Op, or the namespace of a map's keys, #:foo.
    this.#at++;
    this.#atom();
    return this.form();
  }

  #atom(): unknown {
    const start = this.#at;
    const [value, end] = readAtom(this.#text, start, (problem) => this.fail(start, problem));
    this.#at = end;
    return value;
  }
}
