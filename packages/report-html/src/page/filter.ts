import type { TestRow } from '../data/report-data.js';

/** Words of a search: `s:failed @cache fault:latency "slow disk" !p:nightly`. All have to match. */
export function createFilter(query: string): (row: TestRow) => boolean {
  const terms = [...query.matchAll(/(!?)((?:[a-z]+:)?"[^"]*"?|\S+)/gi)].map(([, not, word]) => {
    const matches = term(word ?? '');
    return not === '!' ? (row: TestRow): boolean => !matches(row) : matches;
  });
  return (row) => terms.every((matches) => matches(row));
}

const WORDS: Readonly<Record<string, (row: TestRow) => readonly (string | undefined)[]>> = {
  s: (row) => [row.verdict.replaceAll(' ', '-'), row.verdict],
  p: (row) => [row.project],
  c: (row) => [row.category],
  fault: (row) => row.faults ?? [],
  class: (row) => [row.failureClass],
  file: (row) => [row.file],
};

/** Names that may stand before a colon. */
export const FILTER_WORDS: readonly string[] = Object.keys(WORDS);

function term(word: string): (row: TestRow) => boolean {
  const [, name, rest] = /^([a-z]+):(.*)$/is.exec(word) ?? [];
  const values = name === undefined ? undefined : WORDS[name.toLowerCase()];
  const wanted = (values === undefined ? word : (rest ?? '')).replaceAll('"', '').toLowerCase();
  if (values !== undefined)
    return (row) => values(row).some((value) => value !== undefined && value.toLowerCase().includes(wanted));
  if (wanted.startsWith('@')) return (row) => (row.tags ?? []).some((tag) => tagText(tag).startsWith(wanted));
  return (row) => textOf(row).includes(wanted);
}

function tagText(tag: string): string {
  return (tag.startsWith('@') ? tag : `@${tag}`).toLowerCase();
}

// Typing a letter looks at each test again.
const texts = new WeakMap<TestRow, string>();

function textOf(row: TestRow): string {
  let text = texts.get(row);
  if (text === undefined) {
    const { chaosId = '', path = [], title, file, line, tags = [], message = '' } = row;
    text = [chaosId, ...path, title, `${file}:${line}`, ...tags, message].join(' ').toLowerCase();
    texts.set(row, text);
  }
  return text;
}
