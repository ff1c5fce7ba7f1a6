import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Attachment } from '@chaos/spec';
import type { AttachmentLink } from '../data/report-data.js';

/** Stores a file of the report, and returns its address: relative to the page, or a `data:` URL. */
export type StoreFile = (name: string, contentType: string, data: Buffer) => string | undefined;

const TEXT_BYTES = 262_144;
const FILE_BYTES = 25 * 2 ** 20;
// The only types that the page shows itself; anything else is a file to be saved.
const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
  'text/html': 'html',
  'text/plain': 'txt',
  'application/json': 'json',
};

/** Name of the attachment with the log of the target. */
export const TARGET_LOG = 'target log';

/** An attachment as the page shows it: short texts in place, other data as a file beside the page. */
export function attachmentLink(attachment: Attachment, store: StoreFile): AttachmentLink {
  const { name, contentType } = attachment;
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  const data = dataOf(attachment);
  if (typeof data === 'string') return { name, contentType, missing: data };
  if (isText(type) && data.length <= TEXT_BYTES) return { name, contentType, text: data.toString() };
  if (data.length > FILE_BYTES)
    return {
      name,
      contentType,
      missing: `${Math.round(data.length / 2 ** 20)} MiB: ${attachment.path ?? 'too large'}`,
    };
  const file = `${createHash('sha256').update(data).digest('hex').slice(0, 24)}.${EXTENSIONS[type] ?? 'bin'}`;
  const href = store(file, contentType, data);
  return href === undefined
    ? { name, contentType, missing: attachment.path ?? 'not kept' }
    : { name, contentType, href };
}

/** Text of the attachment with the log of the target, if there is one. */
export function targetLogOf(attachments: readonly Attachment[]): string | undefined {
  const found = attachments.find(({ name }) => name === TARGET_LOG);
  const data = found && dataOf(found);
  return data === undefined || typeof data === 'string' ? undefined : data.toString();
}

function isText(type: string): boolean {
  return (
    type !== 'text/html' &&
    (type.startsWith('text/') || /[/+](?:json|x-ndjson|xml|yaml)$/.test(type)) &&
    type !== 'image/svg+xml'
  );
}

// A string says why there is none.
function dataOf({ body, path }: Attachment): Buffer | string {
  if (body !== undefined) return Buffer.from(body, 'base64');
  if (path === undefined) return 'It has no data.';
  try {
    if (statSync(path).size > FILE_BYTES) return `too large to copy: ${path}`;
    return readFileSync(path);
  } catch (error) {
    return `${path} (${(error as NodeJS.ErrnoException).code ?? 'cannot be read'})`;
  }
}
