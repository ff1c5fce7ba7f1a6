import type { Annotation } from '@chaos/spec';

/** Adds to a list the annotations that it lacks; two are the same if their types and descriptions are. */
export function addMissing(list: Annotation[], more: readonly Annotation[]): void {
  const seen = new Set(list.map(keyOf));
  for (const annotation of more) {
    const key = keyOf(annotation);
    if (seen.has(key)) continue;
    seen.add(key);
    list.push(annotation);
  }
}

function keyOf({ type, description }: Annotation): string {
  return JSON.stringify([type, description]);
}
