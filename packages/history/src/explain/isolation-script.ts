import type { History } from '../history.js';
import type { Operation } from '../operation.js';
import type { MicroOperation } from '../transactions/log/micro-operation.js';
import type { Anomaly } from '../verdict.js';
import { takeInitialValues } from './initial-values.js';
import { minimalHistory } from './minimal-history.js';
import { scheduleReplay } from './replay-schedule.js';
import type { Moment, PostgresLevel } from './replay-schedule.js';
import { sqlArray, sqlComment, sqlLiteral, textOf } from './sql-text.js';

/** One statement of a replay. */
export interface ReplayStep {
  /** Number of the psql session that runs it, from 1. */
  readonly session: number;
  readonly sql: string;
  /** Of a read: what the history says it returned, as PostgreSQL prints it. */
  readonly expected?: string;
}

/** A replay of an anomaly in psql sessions. */
export interface IsolationScript {
  /**
   * The strongest level of PostgreSQL at which an order of these statements gives these answers; absent where none
   * does.
   */
  readonly level?: PostgresLevel;
  readonly setup: readonly string[];
  /** In this order, each when the one before has returned. */
  readonly steps: readonly ReplayStep[];
  /** All of it as text to follow by hand. */
  readonly text: string;
}

const LEVELS: readonly PostgresLevel[] = ['REPEATABLE READ', 'READ COMMITTED'];

/**
 * Turns an anomaly of transactions into statements for as many psql sessions: run one after the other against
 * PostgreSQL at the script's level, the reads return what the history recorded; at a level that forbids the anomaly one
 * of them fails or returns something else. Throws `TypeError` for an anomaly of other operations than transactions.
 */
export function isolationScript(history: History, anomaly: Anomaly): IsolationScript {
  const other = anomaly.operations.find(({ f }) => f !== 'txn');
  if (other !== undefined)
    throw new TypeError(
      `Cannot replay ${anomaly.type} in psql: current operation is ${JSON.stringify(other.f)}, ` +
        'only transactions ("txn") can be',
    );
  const { initial, operations } = takeInitialValues(
    minimalHistory(history, anomaly).operations.filter(({ value }) => (value as readonly unknown[]).length > 0),
  );
  const level = LEVELS.find((candidate) => scheduleReplay(operations, candidate) !== undefined);
  const moments = scheduleReplay(operations, level ?? 'READ COMMITTED') ?? oneByOne(operations);
  const isLists = operations.some(({ value }) =>
    (value as readonly MicroOperation[]).some(([f, , result]) => f.endsWith('append') || Array.isArray(result)),
  );
  const keys = new Set(
    operations.flatMap(({ value }) => (value as readonly MicroOperation[]).map(([, key]) => textOf(key))),
  );
  const setup = [
    `CREATE TABLE replay (key text PRIMARY KEY, ${isLists ? "elements text[] NOT NULL DEFAULT '{}'" : 'value text'});`,
    initial.size === 0
      ? `INSERT INTO replay (key) VALUES ${[...keys].map((key) => `(${sqlLiteral(key)})`).join(', ')};`
      : `INSERT INTO replay VALUES ${[...keys].map((key) => `(${sqlLiteral(key)}, ${initial.has(key) ? sqlLiteral(initial.get(key)) : 'NULL'})`).join(', ')};`,
  ];
  const steps = moments.map((moment) =>
    stepOf(moment, operations[moment.transaction]!, { level: level ?? 'READ COMMITTED', isLists, initial }),
  );
  const title =
    level === undefined
      ? `${anomaly.type}: no order of statements makes PostgreSQL do this; one after the other they are`
      : `${anomaly.type} at ${level}`;
  return { ...(level && { level }), setup, steps, text: print(title, setup, steps) };
}

function stepOf(
  { transaction, what }: Moment,
  { type, value }: Operation,
  { level, isLists, initial }: { level: PostgresLevel; isLists: boolean; initial: ReadonlyMap<string, unknown> },
): ReplayStep {
  const session = transaction + 1;
  if (what === 'begin') return { session, sql: `BEGIN ISOLATION LEVEL ${level};` };
  if (what === 'commit') return { session, sql: type === 'fail' ? 'ROLLBACK;' : 'COMMIT;' };
  const [f, key, result] = (value as readonly MicroOperation[])[what]!;
  const where = `WHERE key = ${sqlLiteral(key)}`;
  if (f.endsWith('append'))
    return { session, sql: `UPDATE replay SET elements = elements || ${sqlLiteral(result)}::text ${where};` };
  if (f.endsWith('w')) return { session, sql: `UPDATE replay SET value = ${sqlLiteral(result)} ${where};` };
  const sql = `SELECT ${isLists ? 'elements' : 'value'} FROM replay ${where};`;
  if (type !== 'ok') return { session, sql };
  return {
    session,
    sql,
    expected: isLists
      ? sqlArray((result as readonly unknown[] | null) ?? [])
      : textOf(result ?? initial.get(textOf(key)) ?? ''),
  };
}

function oneByOne(operations: readonly Operation[]): Moment[] {
  return operations.flatMap(({ value }, transaction) => [
    { transaction, what: 'begin' as const },
    ...(value as readonly unknown[]).map((_, what) => ({ transaction, what })),
    { transaction, what: 'commit' as const },
  ]);
}

function print(title: string, setup: readonly string[], steps: readonly ReplayStep[]): string {
  const lines = [`-- ${sqlComment(title)}`, '-- setup', ...setup];
  let current = 0;
  for (const { session, sql, expected } of steps) {
    if (session !== current) lines.push(`-- session ${session}`);
    current = session;
    lines.push(
      expected === undefined ? sql : `${sql} -- returned ${expected === '' ? 'nothing' : sqlComment(expected)}`,
    );
  }
  return [...lines, '-- teardown', 'DROP TABLE replay;', ''].join('\n');
}
