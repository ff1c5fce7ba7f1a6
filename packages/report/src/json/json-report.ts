import { printableJson } from '@chaos/spec';
import { jsonConfig } from './json-config.js';
import { jsonError } from './json-result.js';
import { buildSuites, jsonSpec, type SpecNode, type SuiteNode } from './json-suites.js';
import { jsonTest } from './json-test.js';
import type { JsonReport } from './json-types.js';
import { outcomeOfRecord, type RunRecord } from '@chaos/record';

/** Version of the data under `chaos` keys; it grows when a field changes its meaning. */
export const SCHEMA_VERSION = 1;

const pad = (depth: number): string => '  '.repeat(depth);

// Serializes a value at this depth of a report indented by two spaces.
function json(value: unknown, depth: number): string {
  return printableJson(JSON.stringify(value, undefined, 2) ?? 'null').replaceAll('\n', `\n${pad(depth)}`);
}

// Serializes the fields of an object, followed by one list whose items come piece by piece.
function* open(fields: object, depth: number): Generator<string> {
  const whole = json(fields, depth);
  yield `${pad(depth)}${whole.slice(0, whole.lastIndexOf('\n'))},\n`;
}

function* list(name: string, items: Iterable<Iterable<string>>, depth: number): Generator<string> {
  yield `${pad(depth)}${JSON.stringify(name)}: [`;
  let first = true;
  for (const item of items) {
    yield first ? '\n' : ',\n';
    yield* item;
    first = false;
  }
  yield first ? ']' : `\n${pad(depth)}]`;
}

function* mapped<T, R>(items: Iterable<T>, change: (item: T) => R): Generator<R> {
  for (const item of items) yield change(item);
}

function* specPieces(spec: SpecNode, file: string, run: RunRecord, depth: number): Generator<string> {
  yield* open(jsonSpec(spec, file), depth);
  yield* list(
    'tests',
    mapped(spec.records, (record) => [`${pad(depth + 2)}${json(jsonTest(record, run), depth + 2)}`]),
    depth + 1,
  );
  yield `\n${pad(depth)}}`;
}

function* suitePieces({ specs, suites, ...place }: SuiteNode, run: RunRecord, depth: number): Generator<string> {
  yield* open(place, depth);
  yield* list(
    'specs',
    mapped(specs.values(), (spec) => specPieces(spec, place.file, run, depth + 2)),
    depth + 1,
  );
  if (suites.size > 0) {
    yield ',\n';
    yield* list(
      'suites',
      mapped(suites.values(), (suite) => suitePieces(suite, run, depth + 2)),
      depth + 1,
    );
  }
  yield `\n${pad(depth)}}`;
}

/** The report in small pieces, so that no string holds all of it. */
export function* jsonReport(run: RunRecord, configFile: string | undefined): Generator<string> {
  const { start, end, tests, errors } = run;
  const stats: { -readonly [K in keyof JsonReport['stats']]: JsonReport['stats'][K] } = {
    startTime: new Date(start?.startMs ?? Date.now()).toISOString(),
    duration: end?.durationMs ?? 0,
    expected: 0,
    skipped: 0,
    unexpected: 0,
    flaky: 0,
  };
  for (const record of tests.values()) stats[outcomeOfRecord(record)] += 1;
  const config = start?.config;
  const chaos: JsonReport['chaos'] = {
    schemaVersion: SCHEMA_VERSION,
    runId: start?.runId,
    status: end?.status,
    seed: config?.runner.seed,
    environment: config?.environment,
    profile: config?.profile,
    variant: start?.variant,
    until: start?.until,
    calibration: end?.calibration,
  };
  yield '{\n';
  yield `  "config": ${json(start === undefined ? {} : jsonConfig(start, configFile), 1)},\n`;
  yield* list(
    'suites',
    mapped(buildSuites(tests.values(), config?.rootDir ?? '/'), (suite) => suitePieces(suite, run, 2)),
    1,
  );
  yield `,\n  "errors": ${json(errors.map(jsonError), 1)},\n  "stats": ${json(stats, 1)},\n  "chaos": ${json(chaos, 1)}\n}\n`;
}
