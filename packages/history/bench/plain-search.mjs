/**
 * Wing and Gong's search with Lowe's memory as the papers have it, the measure for ours: calls and returns in a doubly
 * linked list, a bit for each operation, and a set of the configurations that were met. It tries the calls in the order
 * in which they came. `maxSteps` ends it with `undefined`.
 */
export function plainSearch(model, operations, maxSteps = Infinity) {
  const relevant = operations.filter((one) => one.type === 'ok' || (one.type === 'info' && !model.isRead?.(one)));
  const head = linkEvents(relevant);
  const words = new Uint32Array(Math.ceil(relevant.length / 32));
  const met = new Set();
  const stack = [];
  let left = relevant.filter(({ type }) => type === 'ok').length;
  let state = model.init();
  let steps = 0;
  const flip = ({ number }) => (words[number >>> 5] ^= 1 << (number & 31));
  // True if the call can come next, in a configuration that is new.
  const take = (event) => {
    const after = model.step(state, event.operation);
    if (after === undefined) return false;
    flip(event);
    const configuration = `${words.join()} ${keyOf(model, after)}`;
    if (met.has(configuration)) {
      flip(event);
      return false;
    }
    met.add(configuration);
    stack.push({ event, state });
    state = after;
    return true;
  };
  for (let event = head.next; left > 0;) {
    if (event?.answer !== undefined) {
      if (++steps > maxSteps) return { valid: undefined, steps };
      if (take(event)) {
        lift(event);
        if (event.operation.type === 'ok') left--;
        event = head.next;
      } else event = event.next;
      continue;
    }
    // An answer whose call was not taken, or the end: the last choice was wrong.
    const last = stack.pop();
    if (last === undefined) return { valid: false, steps };
    ({ state } = last);
    flip(last.event);
    unlift(last.event);
    if (last.event.operation.type === 'ok') left++;
    event = last.event.next;
  }
  return { valid: true, steps };
}

function keyOf(model, state) {
  if (model.key !== undefined) return model.key(state);
  return typeof state === 'object' ? JSON.stringify(state) : state;
}

function linkEvents(operations) {
  const events = operations.flatMap((operation, number) => {
    const answer = { at: operation.completed, number, operation };
    return [{ at: operation.invoked, number, operation, answer }, answer];
  });
  events.sort((a, b) => a.at - b.at);
  const head = {};
  let last = head;
  for (const event of events) {
    last.next = event;
    event.previous = last;
    last = event;
  }
  return head;
}

function lift({ previous, next, answer }) {
  previous.next = next;
  next.previous = previous;
  answer.previous.next = answer.next;
  if (answer.next !== undefined) answer.next.previous = answer.previous;
}

function unlift(call) {
  const { previous, next, answer } = call;
  answer.previous.next = answer;
  if (answer.next !== undefined) answer.next.previous = answer;
  previous.next = call;
  next.previous = call;
}
