import type { OperationRecord } from '../record/recording.js';
import { hasTimes } from '../describe/moment.js';

const CALL = 1;
const ANSWER = 2;

/**
 * Puts neighbouring events of the same time into the order of their processes, as far as that changes nothing: calls
 * among calls, answers among answers. Then a file says the same however such lines were written. Positions are those of
 * the file, from 0 on. Returns the operations' old places in their new order, `undefined` where nothing moved.
 */
export function settleTies(operations: OperationRecord[]): readonly number[] | undefined {
  const kind = new Uint8Array(operations.length * 2);
  const owner = new Int32Array(operations.length * 2);
  const place = (position: number, type: number, at: number): void => {
    if (position >= kind.length || !hasTimes(operations[at]!)) return;
    kind[position] = type;
    owner[position] = at;
  };
  for (const [at, { invoked, completed }] of operations.entries()) {
    place(invoked, CALL, at);
    place(completed, ANSWER, at);
  }
  const timeOf = (position: number): number => {
    const { invokedNs, completedNs } = operations[owner[position]!]!;
    return kind[position] === CALL ? invokedNs : completedNs;
  };
  let moved = false;
  let ties: number[] = [];
  for (let position = 0; position <= kind.length; position++) {
    // An unknown outcome has no place in time.
    if (position < kind.length && kind[position] === 0) continue;
    const [first] = ties;
    if (
      first !== undefined &&
      position < kind.length &&
      kind[position] === kind[first] &&
      timeOf(position) === timeOf(first)
    ) {
      ties.push(position);
      continue;
    }
    if (ties.length > 1) moved = settle(operations, ties, { kind, owner }) || moved;
    ties = [position];
  }
  if (!moved) return undefined;
  const order = operations.map((_, at) => at);
  order.sort((a, b) => operations[a]!.invoked - operations[b]!.invoked);
  const sorted = order.map((at) => operations[at]!);
  for (const [at, operation] of sorted.entries()) operations[at] = operation;
  return order;
}

function settle(
  operations: readonly OperationRecord[],
  ties: readonly number[],
  { kind, owner }: { readonly kind: Uint8Array; readonly owner: Int32Array },
): boolean {
  const owners = ties.map((position) => operations[owner[position]!]!);
  const sorted = owners.toSorted((a, b) => a.process - b.process);
  if (sorted.every((one, at) => one === owners[at])) return false;
  const field = kind[ties[0]!] === CALL ? 'invoked' : 'completed';
  for (const [at, operation] of sorted.entries()) operation[field] = ties[at]!;
  return true;
}
