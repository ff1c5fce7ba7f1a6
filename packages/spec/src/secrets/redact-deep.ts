import { isSecretName, MASK, redact, redactBinary } from './secrets.js';

/**
 * Plain data with all its texts redacted; values under a secret name are hidden whole. Data without secrets is returned
 * unchanged. Base64 under `body` beside a `contentType` is redacted, too: as text, or as binary data that keeps its
 * length.
 */
export function redactDeep<T>(value: T): T {
  return walk(value, '') as T;
}

// On the way of every event of a run: it copies only what changes, and makes no list of entries.
function walk(value: unknown, name: string): unknown {
  if (typeof value === 'string') return value !== '' && isSecretName(name) ? MASK : redact(value);
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? walkItems(value, name) : walkFields(value as Record<string, unknown>);
}

function walkItems(items: readonly unknown[], name: string): readonly unknown[] {
  let changed: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const safe = walk(items[index], name);
    if (safe !== items[index]) (changed ??= [...items])[index] = safe;
  }
  return changed ?? items;
}

function walkFields(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let changed: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const each = value[key];
    if (typeof each !== 'string' && typeof each !== 'object') continue;
    const { contentType } = value;
    const isBody = key === 'body' && typeof each === 'string' && typeof contentType === 'string';
    const safe = isBody ? redactBody(each, contentType) : walk(each, key);
    if (safe !== each) (changed ??= { ...value })[key] = safe;
  }
  return changed ?? value;
}

function redactBody(body: string, contentType: string): string {
  const encoding = /^text\/|json|xml|yaml|javascript/.test(contentType) ? 'utf8' : 'latin1';
  const text = Buffer.from(body, 'base64').toString(encoding);
  const safe = encoding === 'utf8' ? redact(text) : redactBinary(text);
  return safe === text ? body : Buffer.from(safe, encoding).toString('base64');
}
