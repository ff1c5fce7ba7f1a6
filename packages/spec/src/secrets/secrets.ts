import { formsOf } from './secret-forms.js';

/** Replacement text for a secret. */
export const MASK = '***';
/** Shorter values would mask half of every report, and are not real secrets. */
const SHORTEST = 6;
/** Common passwords of throw-away databases: masking these words everywhere would make reports unreadable. */
const COMMON = new Set(
  'postgres postgresql password passwd redis valkey default secret example localhost admin administrator changeme development production testing chaos'.split(
    ' ',
  ),
);
const SECRET_NAME =
  /passw(?:or)?d|passphrase|(?:^|[_.-])(?:pass|pwd|pw)$|secret|token$|api[_.-]?key|private[_.-]?key|access[_.-]?key|signing[_.-]?key|fleet[_.-]?key|credentials?$|^authorization$|^cookie$/i;
// Events have the same few names again and again; names of the user's data are not kept without end.
const sounding = new Map<string, boolean>();
const MOST_NAMES = 1000;
/** Variables of a shell that are named like secrets and are none. */
const NO_SECRETS = new Set(['PWD', 'OLDPWD']);
// The password of a URL, up to the last @ of its authority.
const URL_PASSWORD = /(:\/\/[^\s:/?#@"'<>]*:)([^\s/?#"'<>]+)(?=@)/g;
// A token in the place of the user, as in the address of a repository. Names of database users are no secrets.
const URL_USER = /(https?:\/\/)([^\s:/?#@"'<>]+)(?=@)/gi;
const URL_PARAMETER = /([?&])([\w.-]+)=([^\s&#"'<>]+)/g;
const HEADER = /(authorization[\\"'\s]*[:=,][\\"'\s[]*(?:bearer|basic|digest|token|apikey)\s+)([^\s\\"',\]}]+)/gi;
// A signed token (JWS), or an unsigned one, which has no signature.
const TOKEN = /\beyJ[\w-]{5,}\.eyJ[\w-]*\.[\w-]*/g;
/** In every text that one of the patterns above matches. */
const SUSPICIOUS = /:\/\/|=|authorization|eyJ/i;
const COLOUR = /\u001B\[[\d;:]*m/g; // oxlint-disable-line eslint/no-control-regex
/** The beginning of any of these at the end of a chunk. */
const UNFINISHED = new RegExp(
  `(?:${[
    beginning('\\beyJ', String.raw`[\w-]*(?:\.[\w-]*){0,2}`),
    beginning('\\bhttp://', String.raw`[^\s/?#"'<>]*`),
    beginning('\\bhttps://', String.raw`[^\s/?#"'<>]*`),
    beginning('://', String.raw`[^\s/?#"'<>]*`),
    String.raw`[?&][\w.-]*(?:=[^\s&#"'<>]*)?`,
    beginning('authorization', String.raw`[\\"'\s]*(?:[:=,][\\"'\s[]*(?:[a-z]{1,6}(?:\s+[^\s\\"',\]}]*)?)?)?`),
  ].join('|')})$`,
  'i',
);
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
 * Marks a value as a secret: from now on {@link redact} hides it in this process, also URL-encoded, within base64 or
 * escaped in JSON. Values of fewer than 6 characters and common words (`postgres`, `password`) are not marked: they
 * would be hidden everywhere.
 */
export function markSecret(value: string): void {
  if (value.length < SHORTEST || COMMON.has(value.toLowerCase()) || registry.known.has(value)) return;
  registry.known.add(value);
  registry.forms = [...new Set([...registry.forms, ...formsOf(value)])].sort((a, b) => b.length - a.length);
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

/** Marks the secrets among variables of a shell, as {@link markSecretsIn} does; a path to a secret is none. */
export function markSecretsOfShell(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables))
    if (!NO_SECRETS.has(name) && value !== undefined && !value.startsWith('/')) markSecretsIn(value, name);
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
    for (const [, , parameter = '', given = ''] of value.matchAll(URL_PARAMETER))
      if (isSecretName(parameter)) for (const secret of [given, decoded(given)]) markSecret(secret);
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
  let isSecret = sounding.get(name);
  if (isSecret === undefined) {
    if (sounding.size === MOST_NAMES) sounding.clear();
    sounding.set(name, (isSecret = SECRET_NAME.test(name)));
  }
  return isSecret || (registry.names.size > 0 && registry.names.has(name.toLowerCase()));
}

/**
 * The text with `***` for every marked secret, what a URL carries (password, a token as its user, a parameter with the
 * name of a secret), an `Authorization` header, and every signed token. A text whose colours cut a secret in pieces
 * loses them.
 */
export function redact(text: string): string {
  const safe = redactPlain(text);
  if (!safe.includes('\u001B[')) return safe;
  const bare = safe.replace(COLOUR, '');
  const without = redactPlain(bare);
  return without === bare ? safe : without;
}

function redactPlain(text: string): string {
  let safe = text;
  for (const form of registry.forms) if (safe.includes(form)) safe = safe.replaceAll(form, MASK);
  if (!SUSPICIOUS.test(safe)) return safe;
  if (safe.includes('://')) safe = safe.replace(URL_PASSWORD, `$1${MASK}`).replace(URL_USER, `$1${MASK}`);
  if (safe.includes('='))
    safe = safe.replace(URL_PARAMETER, (all, mark: string, name: string) =>
      isSecretName(name) ? `${mark}${name}=${MASK}` : all,
    );
  if (/authorization/i.test(safe)) safe = safe.replace(HEADER, `$1${MASK}`);
  if (safe.includes('eyJ')) safe = safe.replace(TOKEN, MASK);
  return safe;
}

/**
 * The same bytes with asterisks for every marked secret, as many as it had: the rest keeps its place. For binary data.
 */
export function redactBinary(latin1: string): string {
  let safe = latin1;
  for (const form of registry.forms) if (safe.includes(form)) safe = safe.replaceAll(form, '*'.repeat(form.length));
  return safe;
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

// A pattern for the word and for every beginning of it; `rest` follows the whole word.
function beginning(word: string, rest: string): string {
  const [, edge = '', letters = ''] = /^(\\b)?(.*)$/.exec(word) ?? [];
  return edge + letters.split('').reduceRight((after, letter) => `${letter}(?:${after})?`, rest);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
