import type { CallOptions } from './call-options.js';

/** A document with the number of times it was written. */
export interface Document {
  readonly id: string;
  readonly body: string;
  readonly version: number;
}

/** Documents, read through the cache. */
export interface DocumentOperations {
  document(id: string, options?: CallOptions): Promise<Document>;
  /** Stores a document; resolves with its new version. */
  storeDocument(id: string, body: string, options?: CallOptions): Promise<Document>;
  /** Name of the environment variable that says how long a document is cached, ms. */
  ttlVariable(): Promise<string>;
  /** Opens a temporary file in the service; refused for an unknown document, and for a character the charset lacks. */
  exportDocument(id: string, charset?: 'utf8' | 'latin1' | 'ascii', options?: CallOptions): Promise<string>;
}
