import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { makeFolder, redact, type Attachment } from '@chaos/spec';
import { printed } from '../data/plain.js';
import { copyWithoutSecrets, writeWithoutSecrets } from './copy-without-secrets.js';

/** Argument of `attach`. */
export interface AttachmentGiven {
  readonly name: string;
  /** A file, which is copied. */
  readonly path?: string;
  /** Text or bytes. */
  readonly body?: string | Uint8Array;
  /** MIME type. Default: by the name of the file, else text or bytes. */
  readonly contentType?: string;
}

// A larger body is reported as a file.
const MAX_BODY_BYTES = 8 * 2 ** 20;

/** Throws `TypeError` for values that no report can show. */
export function checkAttachment(name: unknown, options: unknown): AttachmentGiven {
  const refuse = (what: string, value: unknown, wanted: string): never => {
    throw new TypeError(`Cannot attach ${printed(name)}: ${what} is ${printed(value)}, and must be ${wanted}`);
  };
  if (typeof name !== 'string') refuse('its name', name, 'a text');
  if (typeof options !== 'object' || options === null) return refuse('the second argument', options, 'an object');
  const { path, body, contentType } = options as Readonly<Record<string, unknown>>;
  if (path !== undefined && typeof path !== 'string') refuse('path', path, 'a text');
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array))
    refuse('body', body, 'a text or bytes');
  if (contentType !== undefined && typeof contentType !== 'string') refuse('contentType', contentType, 'a text');
  if (path !== undefined && body !== undefined)
    throw new TypeError(`Cannot attach "${String(name)}": both path and body are given, only one can be`);
  return { name, path, body, contentType } as AttachmentGiven;
}

/** Stores it for reports: a small body in the report itself, anything else in a file below `outputDir`. */
export async function keepAttachment(
  { name, path, body, contentType }: AttachmentGiven,
  outputDir: string,
  index: number,
): Promise<Attachment> {
  if (path === undefined && body === undefined) return { name, contentType: contentType ?? 'text/plain' };
  const type = contentType ?? (typeof body === 'string' ? 'text/plain' : 'application/octet-stream');
  if (body !== undefined && body.length <= MAX_BODY_BYTES)
    return { name, contentType: type, body: Buffer.from(body as string).toString('base64') };
  const folder = join(outputDir, 'attachments');
  makeFolder(folder, 0o700);
  // A name may hold a secret, too; an asterisk in it would be one of a shell.
  const copy = join(folder, `${index}-${redact(basename(path ?? 'body')).replaceAll('*', '_')}`);
  if (path !== undefined) await copyWithoutSecrets(path, copy);
  else await writeWithoutSecrets(Readable.from([Buffer.from(body as string)]), copy);
  return { name, contentType: type, path: copy };
}
