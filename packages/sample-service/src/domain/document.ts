/** A text with a version that grows by one with every write. */
export interface Document {
  readonly id: string;
  readonly body: string;
  readonly version: number;
}

/** The owner of documents, and the id of one of them. */
export interface DocumentName {
  readonly tenant: string;
  readonly id: string;
}

/** True for a document as it is written to a cache; anything may be there. */
export function isDocument(value: unknown): value is Document {
  const { id, body, version } = (value ?? {}) as Partial<Document>;
  return typeof id === 'string' && typeof body === 'string' && Number.isSafeInteger(version);
}

/** Key of a document in a cache. Two documents never share one, whatever characters their names have. */
export function documentKey({ tenant, id }: DocumentName): string {
  return `${encodeURIComponent(tenant)}/${encodeURIComponent(id)}`;
}
