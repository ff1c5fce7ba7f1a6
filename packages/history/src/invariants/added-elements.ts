import { identify } from '../identify.js';
import type { Operation } from '../operation.js';

/** What was put into a collection, by the identity of its element. */
export interface AddedElement {
  readonly element: unknown;
  /** All attempts that can have happened. */ readonly attempts: Operation[];
  /** The first that was acknowledged. */ ok: Operation | undefined;
  /** One that did not happen. */ failed: Operation | undefined;
}

/** The operations of one name, such as `add`, by the element that they put in. */
export function addedElements(operations: readonly Operation[], f: string): ReadonlyMap<unknown, AddedElement> {
  const added = new Map<unknown, AddedElement>();
  for (const operation of operations) {
    if (operation.f !== f) continue;
    const id = identify(operation.value);
    let known = added.get(id);
    if (known === undefined) {
      known = { element: operation.value, attempts: [], ok: undefined, failed: undefined };
      added.set(id, known);
    }
    if (operation.type === 'fail') known.failed = operation;
    else known.attempts.push(operation);
    if (operation.type === 'ok' && (known.ok === undefined || operation.completed < known.ok.completed))
      known.ok = operation;
  }
  return added;
}
