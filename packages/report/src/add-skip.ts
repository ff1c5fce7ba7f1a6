import type { Annotation } from '@chaos/spec';

/**
 * Adds the reason why a test did not begin, unless the code that skipped it has told it, under a type of its own
 * (`skip`, `fixme`).
 */
export function addSkip(annotations: Annotation[], reason: string): void {
  const isTold = annotations.some(({ type, description }) =>
    reason === '' ? type === 'skip' || type === 'fixme' : description === reason,
  );
  if (!isTold) annotations.push({ type: 'skip', ...(reason !== '' && { description: reason }) });
}
