/**
 * Isolation levels by their usual names. `repeatable-read` is Adya's PL-2.99; what PostgreSQL calls REPEATABLE READ is
 * `snapshot-isolation`. `strong-session-` adds the order of each process, `strong-` (and `strict-serializable`) the
 * order of real time.
 */
export type IsolationLevel =
  | 'read-uncommitted'
  | 'read-committed'
  | 'monotonic-atomic-view'
  | 'read-atomic'
  | 'cursor-stability'
  | 'consistent-view'
  | 'snapshot-isolation'
  | 'repeatable-read'
  | 'serializable'
  | 'strong-session-read-uncommitted'
  | 'strong-session-read-committed'
  | 'strong-session-consistent-view'
  | 'strong-session-snapshot-isolation'
  | 'strong-session-serializable'
  | 'strong-read-uncommitted'
  | 'strong-read-committed'
  | 'strong-consistent-view'
  | 'strong-snapshot-isolation'
  | 'strict-serializable';

// Levels that each level implies directly. Strongest first: of the levels that hold, the first is the strongest.
const IMPLIES: Readonly<Record<IsolationLevel, readonly IsolationLevel[]>> = {
  'strict-serializable': ['strong-session-serializable', 'strong-snapshot-isolation'],
  'strong-session-serializable': ['serializable', 'strong-session-snapshot-isolation'],
  serializable: ['repeatable-read', 'snapshot-isolation'],
  'strong-snapshot-isolation': ['strong-session-snapshot-isolation', 'strong-consistent-view'],
  'strong-session-snapshot-isolation': ['snapshot-isolation', 'strong-session-consistent-view'],
  'snapshot-isolation': ['consistent-view', 'cursor-stability'],
  'repeatable-read': ['read-atomic', 'cursor-stability'],
  'strong-consistent-view': ['strong-session-consistent-view', 'strong-read-committed'],
  'strong-session-consistent-view': ['consistent-view', 'strong-session-read-committed'],
  'consistent-view': ['read-atomic'],
  'read-atomic': ['monotonic-atomic-view'],
  'cursor-stability': ['read-committed'],
  'monotonic-atomic-view': ['read-committed'],
  'strong-read-committed': ['strong-session-read-committed', 'strong-read-uncommitted'],
  'strong-session-read-committed': ['read-committed', 'strong-session-read-uncommitted'],
  'read-committed': ['read-uncommitted'],
  'strong-read-uncommitted': ['strong-session-read-uncommitted'],
  'strong-session-read-uncommitted': ['read-uncommitted'],
  'read-uncommitted': [],
};

/** Other names in use: Adya's, Jepsen's. */
export const ISOLATION_ALIASES: Readonly<Record<string, IsolationLevel>> = {
  'PL-1': 'read-uncommitted',
  'PL-2': 'read-committed',
  'PL-2+': 'consistent-view',
  'PL-2.99': 'repeatable-read',
  'PL-SI': 'snapshot-isolation',
  'PL-3': 'serializable',
  'PL-SS': 'strict-serializable',
  'strong-serializable': 'strict-serializable',
  'strict-1SR': 'strict-serializable',
  'strong-session-PL-1': 'strong-session-read-uncommitted',
  'strong-session-PL-2': 'strong-session-read-committed',
  'strong-PL-1': 'strong-read-uncommitted',
  'strong-PL-2': 'strong-read-committed',
};

/** Every isolation level that the checkers know, the strongest first. */
export const ISOLATION_LEVELS: readonly IsolationLevel[] = Object.keys(IMPLIES) as IsolationLevel[];

/**
 * The level of this name, its own or another in use (`PL-3`, `strong-serializable`). Throws `RangeError` for an unknown
 * one.
 */
export function isolationLevel(name: string): IsolationLevel {
  const level = Object.hasOwn(IMPLIES, name)
    ? (name as IsolationLevel)
    : Object.hasOwn(ISOLATION_ALIASES, name)
      ? ISOLATION_ALIASES[name]
      : undefined;
  if (level === undefined)
    throw new RangeError(
      `Cannot check isolation: current model is "${name}", known are ${ISOLATION_LEVELS.join(', ')}`,
    );
  return level;
}

/** The level itself and everything that it implies. */
export function impliedLevels(level: IsolationLevel): ReadonlySet<IsolationLevel> {
  const implied = new Set([level]);
  for (const next of implied) for (const weaker of IMPLIES[next]) implied.add(weaker);
  return implied;
}
