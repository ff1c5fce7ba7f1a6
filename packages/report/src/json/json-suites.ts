import { relativePath } from '../relative-path.js';
import { outcomeOfRecord, type TestRecord } from '@chaos/record';
import type { JsonSpec } from './json-types.js';

/** One title at one place, in one or more projects. */
export interface SpecNode {
  readonly records: TestRecord[];
}

/** A file or a describe. */
export interface SuiteNode {
  readonly title: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly specs: Map<string, SpecNode>;
  readonly suites: Map<string, SuiteNode>;
}

function suiteIn(
  suites: Map<string, SuiteNode>,
  title: string,
  place: { readonly file: string; readonly line: number; readonly column: number },
): SuiteNode {
  const known = suites.get(title);
  if (known !== undefined) return known;
  const suite: SuiteNode = { title, ...place, specs: new Map(), suites: new Map() };
  suites.set(title, suite);
  return suite;
}

/**
 * One suite per file with its nested describes, in the order of the plan; projects are merged by title and location.
 * Each suite is built on demand.
 */
export function* buildSuites(records: Iterable<TestRecord>, rootDir: string): Generator<SuiteNode> {
  const byFile = new Map<string, TestRecord[]>();
  for (const record of records) {
    const known = byFile.get(record.test.location.file);
    if (known) known.push(record);
    else byFile.set(record.test.location.file, [record]);
  }
  for (const [path, ofFile] of byFile) yield buildSuite(relativePath(rootDir, path), ofFile);
}

function buildSuite(file: string, records: readonly TestRecord[]): SuiteNode {
  const top: SuiteNode = { title: file, file, line: 0, column: 0, specs: new Map(), suites: new Map() };
  for (const record of records) {
    const { location, titlePath, title } = record.test;
    let suite = top;
    // The location of a describe is unknown, so use that of its first test.
    for (const describe of titlePath.slice(0, -1))
      suite = suiteIn(suite.suites, describe, { file, line: location.line, column: location.column });
    const key = `${title}\n${location.line}:${location.column}`;
    const spec = suite.specs.get(key) ?? { records: [] };
    suite.specs.set(key, spec);
    spec.records.push(record);
  }
  return top;
}

/** Playwright's spec without its `tests`. */
export function jsonSpec({ records }: SpecNode, file: string): Omit<JsonSpec, 'tests'> {
  const { title, tags, id, location } = records[0]!.test;
  return {
    title,
    ok: records.every((record) => outcomeOfRecord(record) !== 'unexpected'),
    tags: tags.map((tag) => tag.replace(/^@/, '')),
    id,
    file,
    line: location.line,
    column: location.column,
  };
}
