import type { Budget } from '../../budget.js';
import { ServiceError } from '../../service-error.js';
import type { DocumentName } from '../document.js';
import type { Documents } from '../documents.js';
import type { Spool } from './spool.js';

/** Encodings that a document can be exported in. */
export const charsets = ['utf8', 'latin1', 'ascii'] as const;

/** One of {@link charsets}. */
export type Charset = (typeof charsets)[number];

/** Documents as files. */
export interface Exports {
  /** @throws ServiceError `UNENCODABLE` when the charset lacks one of its characters. */
  document(budget: Budget, name: DocumentName, charset: Charset): Promise<Buffer>;
}

const HIGHEST: Readonly<Record<Charset, number>> = { utf8: 0x10ffff, latin1: 0xff, ascii: 0x7f };

/** Builds the whole file on disk before it answers: nobody gets half a file. */
export function createExports({ documents, spool }: { readonly documents: Documents; readonly spool: Spool }): Exports {
  return {
    document: (budget, name, charset) =>
      spool.use(async (file) => {
        const document = await documents.read(budget, name);
        await file.write(encode(`${document.id} v${document.version}\n`, charset));
        await file.write(encode(document.body, charset));
        return file.content();
      }),
  };
}

function encode(text: string, charset: Charset): Buffer {
  for (const character of text) {
    if ((character.codePointAt(0) as number) > HIGHEST[charset])
      throw new ServiceError('UNENCODABLE', `"${character}" cannot be written as ${charset}`);
  }
  return Buffer.from(text, charset);
}
