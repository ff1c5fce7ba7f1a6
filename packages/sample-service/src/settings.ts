/** Everything that configures the service; see the README for the variables. */
export interface Settings {
  readonly port: number;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly jwksUrl: string;
  readonly jwtIssuer: string;
  readonly jwtAudience: string;
  readonly poolSize: number;
  /** Requests in progress, and waits for a connection, beyond which further ones are shed. */
  readonly maxQueue: number;
  /** Limit for answering a request. The time-outs below are shares of it unless set. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly redisTimeoutMs: number;
  readonly jwksTimeoutMs: number;
  readonly jwksCooldownMs: number;
  /** Longest time that a withdrawn key is still accepted while the issuer answers. */
  readonly jwksMaxAgeMs: number;
  /** Keys are trusted for this long while the issuer does not answer. */
  readonly jwksMaxStaleMs: number;
  readonly clockToleranceMs: number;
  readonly cacheTtlMs: number;
  /** How long it is remembered that there is no such document. */
  readonly notFoundTtlMs: number;
  readonly roleTtlMs: number;
  readonly logLevel: string;
  readonly defect: string | undefined;
}

/** A setting is missing or wrong; the message lists all of them. */
export class SettingsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Cannot start: ${problems.join('; ')}`);
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

const HOUR_MS = 3_600_000;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/**
 * Reads and checks the environment.
 * @throws {@link SettingsError} that names every missing or wrong variable.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = [];

  const text = (name: string): string => {
    const value = env[name] ?? '';
    if (value === '') problems.push(`${name} is not set`);
    return value;
  };
  const url = (name: string, protocols: readonly string[]): string => {
    const value = text(name);
    const protocol = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : undefined;
    if (value !== '' && !protocols.includes(protocol ?? ''))
      problems.push(`${name} must be a URL of ${protocols.join(' or ')}, not "${value}"`);
    return value;
  };
  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const value = env[name] ?? '';
    if (value === '') return Math.round(Math.min(max, Math.max(min, fallback)));
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (!(number >= min && number <= max))
      problems.push(`${name} must be a whole number from ${min} to ${max}, not "${value}"`);
    return number;
  };
  const oneOf = (name: string, allowed: readonly string[], fallback: string): string => {
    const value = env[name] || fallback;
    if (!allowed.includes(value)) problems.push(`${name} must be one of ${allowed.join(', ')}, not "${value}"`);
    return value;
  };

  const timeoutMs = integer('TIMEOUT_MS', 5000, 100, HOUR_MS);
  const share = (name: string, divisor: number, min = 1, max = HOUR_MS): number =>
    integer(name, Math.min(max, Math.max(min, timeoutMs / divisor)), 1, HOUR_MS);

  const settings: Settings = {
    port: integer('PORT', 3000, 0, 65_535),
    databaseUrl: url('DATABASE_URL', ['postgres', 'postgresql']),
    redisUrl: url('REDIS_URL', ['redis', 'rediss']),
    jwksUrl: url('JWKS_URL', ['http', 'https']),
    jwtIssuer: text('JWT_ISSUER'),
    jwtAudience: text('JWT_AUDIENCE'),
    poolSize: integer('POOL_SIZE', 10, 1, 1000),
    maxQueue: integer('MAX_QUEUE', 10_000, 1, 1_000_000),
    timeoutMs,
    connectTimeoutMs: share('CONNECT_TIMEOUT_MS', 5),
    statementTimeoutMs: share('STATEMENT_TIMEOUT_MS', 5),
    lockTimeoutMs: share('LOCK_TIMEOUT_MS', 5),
    redisTimeoutMs: share('REDIS_TIMEOUT_MS', 20, 50),
    jwksTimeoutMs: share('JWKS_TIMEOUT_MS', 5),
    jwksCooldownMs: share('JWKS_COOLDOWN_MS', 5, 1, 1000),
    jwksMaxAgeMs: integer('JWKS_MAX_AGE_MS', 2000, 1, HOUR_MS),
    jwksMaxStaleMs: integer('JWKS_MAX_STALE_MS', 600_000, 1, 24 * HOUR_MS),
    clockToleranceMs: integer('CLOCK_TOLERANCE_MS', 1000, 0, HOUR_MS),
    ...timesToLive(integer),
    logLevel: oneOf('LOG_LEVEL', LOG_LEVELS, 'warn'),
    defect: env['DEFECT'] || undefined,
  };
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

function timesToLive(
  integer: (name: string, fallback: number, min: number, max: number) => number,
): Pick<Settings, 'cacheTtlMs' | 'notFoundTtlMs' | 'roleTtlMs'> {
  return {
    cacheTtlMs: integer('CACHE_TTL_MS', 30_000, 1, 24 * HOUR_MS),
    notFoundTtlMs: integer('NOT_FOUND_TTL_MS', 1000, 1, HOUR_MS),
    roleTtlMs: integer('ROLE_TTL_MS', 2000, 1, HOUR_MS),
  };
}
