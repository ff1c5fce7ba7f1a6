import { mapMembers } from '../map-members.js';
import { isSecretName, MASK, redact, redactBinary } from './secrets.js';

/**
 * Plain data with all its texts redacted; values under a secret name are hidden whole. Data without secrets is returned
 * unchanged. Base64 under `body` beside a `contentType` is redacted, too: as text, or as binary data that keeps its
 * length.
 */
export function redactDeep<T>(value: T): T {
  return walk(value, '') as T;
}

function walk(value: unknown, name: string): unknown {
  if (typeof value === 'string') return value !== '' && isSecretName(name) ? MASK : redact(value);
  if (typeof value !== 'object' || value === null) return value;
  const { contentType } = value as { readonly contentType?: unknown };
  return mapMembers(value, name, (each, key) =>
    key === 'body' && typeof each === 'string' && typeof contentType === 'string'
      ? redactBody(each, contentType)
      : walk(each, key),
  );
}

function redactBody(body: string, contentType: string): string {
  const encoding = /^text\/|json|xml|yaml|javascript/.test(contentType) ? 'utf8' : 'latin1';
  const text = Buffer.from(body, 'base64').toString(encoding);
  const safe = encoding === 'utf8' ? redact(text) : redactBinary(text);
  return safe === text ? body : Buffer.from(safe, encoding).toString('base64');
}
