/** A text with a version that grows by one with every write. */
export interface Document {
  readonly id: string;
  readonly body: string;
  readonly version: number;
}

/** Reads a document that was written as JSON; `undefined` for anything else, and for a document with another id. */
export function parseDocument(text: string, id: string): Document | undefined {
  try {
    const value = JSON.parse(text) as Partial<Document> | null;
    const sound = value?.id === id && typeof value.body === 'string' && Number.isSafeInteger(value.version);
    return sound ? (value as Document) : undefined;
  } catch {
    return undefined;
  }
}
