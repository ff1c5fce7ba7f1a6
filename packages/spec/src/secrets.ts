/** Replacement text for a secret. */
const MASK = '***';
/** Shorter values would mask half of every report, and are not real secrets. */
const SHORTEST = 6;
/** Common passwords of throw-away databases: masking these words everywhere would make reports unreadable. */
const COMMON = new Set(
  'postgres postgresql password passwd redis valkey default secret example localhost admin administrator changeme development production testing chaos'.split(
    ' ',
  ),
);
const SECRET_NAME =
  /passw(?:or)?d|passphrase|(?:^|[_.-])(?:pass|pwd|pw)$|secret|token$|api[_.-]?key|private[_.-]?key|access[_.-]?key|signing[_.-]?key|credentials?$|^authorization$|^cookie$/i;
// The password of a URL, up to the last @ of its authority.
const URL_PASSWORD = /(:\/\/[^\s:/?#@"'<>]*:)([^\s/?#"'<>]+)(?=@)/g;
// A signed token (JWS), or an unsigned one, which has no signature.
const TOKEN = /\beyJ[\w-]{5,}\.eyJ[\w-]*\.[\w-]*/g;
// The beginning of a URL password or a token at the end of a chunk.
const UNFINISHED = /(?:\be(?:y(?:J[\w-]*(?:\.[\w-]*){0,2})?)?|:(?:\/(?:\/[^\s/?#"'<>]*)?)?)$/;
const MOST_HELD = 8192;

interface Registry {
  /** Every form of every secret, longest first, so that no part of one remains. */
  forms: readonly string[];
  readonly known: Set<string>;
  /** Names given by the user, in lower case. */
  readonly names: Set<string>;
}

// One registry for the process, even if this module is loaded several times.
const KEY = Symbol.for('@chaos/spec/secrets');
const shared = globalThis as { [KEY]?: Registry };
const registry: Registry = (shared[KEY] ??= { forms: [], known: new Set(), names: new Set() });

/**
 * Marks a value as a secret: from now on {@link redact} hides it in this process, also URL-encoded, in base64 or
 * escaped in JSON. Values of fewer than 6 characters and common words (`postgres`, `password`) are not marked: they
 * would be hidden everywhere.
 */
export function markSecret(value: string): void {
  if (value.length < SHORTEST || COMMON.has(value.toLowerCase()) || registry.known.has(value)) return;
  registry.known.add(value);
  const base64 = Buffer.from(value).toString('base64').replace(/=+$/, '');
  const forms = [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    // The last base64 character depends on the bytes that follow.
    base64.slice(0, -1),
    Buffer.from(value).toString('base64url').slice(0, -1),
  ];
  registry.forms = [...new Set([...registry.forms, ...forms])].sort((a, b) => b.length - a.length);
}

/** Marks names of settings and variables as those of secrets, in any case of their letters. */
export function markSecretNames(names: readonly string[]): void {
  for (const name of names) registry.names.add(name.toLowerCase());
}

/**
 * Marks the secrets in plain data: passwords of URLs, and every text under a name such as `password`, `token`,
 * `API_KEY`, `privateKey` ({@link isSecretName}).
 */
export function markSecretsIn(value: unknown, name = ''): void {
  markWithin(value, name, new Set());
}

// A configuration may hold cycles: `seen` holds the objects on the current path.
function markWithin(value: unknown, name: string, seen: Set<object>): void {
  if (typeof value === 'string') {
    if (isSecretName(name)) markSecret(value);
    for (const [, start = '', password = ''] of value.matchAll(URL_PASSWORD)) {
      // Masking `postgres:postgres` would protect nothing.
      if (start.includes(`//${password}:`)) continue;
      markSecret(password);
      markSecret(decoded(password));
    }
  } else if (typeof value === 'object' && value !== null && !seen.has(value)) {
    seen.add(value);
    for (const [key, each] of Object.entries(value)) markWithin(each, Array.isArray(value) ? name : key, seen);
  }
}

/**
 * True for the name of a setting or a variable that holds a secret: `PGPASSWORD`, `api_key`, `authToken`, and those of
 * {@link markSecretNames}.
 */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) || registry.names.has(name.toLowerCase());
}

/** The text with `***` for every marked secret, the password of every URL, and every signed token. */
export function redact(text: string): string {
  let safe = text;
  for (const form of registry.forms) if (safe.includes(form)) safe = safe.replaceAll(form, MASK);
  if (safe.includes('://')) safe = safe.replace(URL_PASSWORD, `$1${MASK}`);
  if (safe.includes('eyJ')) safe = safe.replace(TOKEN, MASK);
  return safe;
}

/**
 * Plain data with all its texts redacted; values under a secret name are hidden whole. Data without secrets is returned
 * unchanged. Base64 text under `body` beside a `contentType` of text is redacted, too.
 */
export function redactDeep<T>(value: T): T {
  return walk(value, '') as T;
}

/**
 * Length of the end of `text` that could be the beginning of a secret: hold it back until more text arrives. At most
 * 8192 characters.
 */
export function heldBack(text: string): number {
  let held = UNFINISHED.exec(text.slice(-MOST_HELD))?.[0].length ?? 0;
  for (const form of registry.forms)
    for (let length = Math.min(form.length - 1, text.length); length > held; length -= 1)
      if (text.endsWith(form.slice(0, length))) held = length;
  return wholeSecrets(text, held);
}

// Do not cut a complete secret because its end could also be the beginning of another one.
function wholeSecrets(text: string, held: number): number {
  if (held === 0) return 0;
  const cut = text.length - held;
  let start = cut;
  for (const form of registry.forms) {
    const at = text.lastIndexOf(form, cut - 1);
    if (at >= 0 && at + form.length > cut) start = Math.min(start, at);
  }
  return start === cut ? held : wholeSecrets(text, text.length - start);
}

function walk(value: unknown, name: string): unknown {
  if (typeof value === 'string') return value !== '' && isSecretName(name) ? MASK : redact(value);
  if (typeof value !== 'object' || value === null) return value;
  let changed: Record<string, unknown> | undefined;
  for (const [key, each] of Object.entries(value)) {
    const isText =
      key === 'body' && typeof each === 'string' && isTextual((value as { contentType?: unknown }).contentType);
    const safe = isText ? redactBase64(each) : walk(each, Array.isArray(value) ? name : key);
    if (safe === each) continue;
    changed ??= (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
    changed[key] = safe;
  }
  return changed ?? value;
}

function isTextual(contentType: unknown): boolean {
  return typeof contentType === 'string' && /^text\/|json|xml|yaml|javascript/.test(contentType);
}

function redactBase64(body: string): string {
  const text = Buffer.from(body, 'base64').toString();
  const safe = redact(text);
  return safe === text ? body : Buffer.from(safe).toString('base64');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
