import { identify } from '../identify.js';
import type { Operation } from '../operation.js';

/** An element that was put into a collection, with the operations that tried it. */
export interface AddedElement {
  readonly element: unknown;
  /** All attempts that can have happened. */
  readonly attempts: Operation[];
  /** The first that was acknowledged. */
  ok: Operation | undefined;
  /** One that did not happen. */
  failed: Operation | undefined;
}

/**
 * The operations of one name, such as `add`, by the element that they put in: their value, or what `elementOf` says.
 */
export function addedElements(
  operations: readonly Operation[],
  f: string,
  elementOf = ({ value }: Operation): unknown => value,
): ReadonlyMap<unknown, AddedElement> {
  const added = new Map<unknown, AddedElement>();
  for (const operation of operations) {
    if (operation.f !== f) continue;
    const element = elementOf(operation);
    const id = identify(element);
    let known = added.get(id);
    if (known === undefined) {
      known = { element, attempts: [], ok: undefined, failed: undefined };
      added.set(id, known);
    }
    if (operation.type === 'fail') known.failed = operation;
    else known.attempts.push(operation);
    if (operation.type === 'ok' && (known.ok === undefined || operation.completed < known.ok.completed))
      known.ok = operation;
  }
  return added;
}
