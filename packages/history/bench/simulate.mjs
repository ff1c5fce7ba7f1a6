import { createRandom } from '@chaos/stats';

/**
 * A history of an object that takes each call at one moment, so it is linearizable. Of `infoRatio` nobody learns the
 * outcome; half of those act.
 */
export function simulate({ apply, call, clients, operations, infoRatio = 0, seed }) {
  const random = createRandom(seed);
  const done = [];
  const running = Array.from({ length: clients });
  const processes = running.map((_, client) => client);
  let position = 0;
  let active = 0;
  while (done.length < operations || active > 0) {
    const client = random.integer(0, clients - 1);
    const operation = running[client];
    if (operation === undefined) {
      if (done.length >= operations) continue;
      const invoked = position++;
      running[client] = {
        process: processes[client],
        type: random.next() < infoRatio ? 'info' : 'ok',
        ...call(random),
        invoked,
        completed: Infinity,
        invokedNs: invoked * 1000,
        completedNs: Infinity,
      };
      active++;
      done.push(running[client]);
      continue;
    }
    if (operation.answer === undefined && (operation.type === 'ok' || random.next() < 0.5)) {
      operation.answer = apply(operation);
      continue;
    }
    running[client] = undefined;
    active--;
    if (operation.type === 'info') processes[client] += clients;
    else {
      if (operation.answer === 'fail') operation.type = 'fail';
      else operation.value = operation.answer.value;
      operation.completed = position++;
      operation.completedNs = operation.completed * 1000;
    }
    delete operation.answer;
  }
  return { operations: done, faults: [] };
}
