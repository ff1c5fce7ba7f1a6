import type { DocumentNode } from 'graphql';

/** Counts the fields of all operations and fragments, aliases included. */
export async function countFields(query: string): Promise<number> {
  const { parse, visit } = await import('graphql');
  let fields = 0;
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: 2000 });
  } catch {
    // Its answer says what is wrong with it.
    return query.length > 5000 ? Infinity : 0;
  }
  visit(document, { Field: () => void (fields += 1) });
  return fields;
}
