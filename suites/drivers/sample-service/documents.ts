import type { DocumentOperations, Document } from '../operations/documents.js';
import type { InDriver, SuiteOperations } from '../operations.js';
import { call, callText, get } from './call.js';

const path = (id: string): string => `/documents/${encodeURIComponent(id)}`;

/** Documents of the sample service. */
export const documents: InDriver<DocumentOperations & Pick<SuiteOperations, 'read' | 'write'>> = {
  read: async (context, key, options) => (await get<Document>(context, path(key), options)).body,
  write: (context, key, value, options) => call<Document>(context, 'PUT', path(key), { body: value }, options),
  document: (context, id, options) => get<Document>(context, path(id), options),
  storeDocument: (context, id, body, options) => call<Document>(context, 'PUT', path(id), { body }, options),
  ttlVariable: async () => 'CACHE_TTL_MS',
  exportDocument: (context, id, charset = 'utf8', options) =>
    callText(context, 'GET', `${path(id)}/export?charset=${charset}`, undefined, options),
};
