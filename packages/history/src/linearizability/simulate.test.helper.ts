import type { Random } from '@chaos/stats';
import type { History } from '../history.js';
import type { Operation } from '../operation.js';

/**
 * Makes one call on the one true object. Returns the value to answer with, or `fail` if it refuses and changes nothing.
 */
export type Apply = (call: Call) => { readonly value: unknown } | 'fail';

export interface Call {
  readonly f: string;
  readonly value: unknown;
  /** The process that calls, where the object looks at it. */
  readonly process?: number;
}

export interface Simulation {
  readonly apply: Apply;
  /** The next call of a client; undefined where it has none now. */
  readonly call: (random: Random, client: number) => Call | undefined;
  readonly clients: number;
  readonly operations: number;
  /** Share of operations whose outcome nobody learns. Default 0. */
  readonly infoRatio?: number;
  /** Share of operations that are refused. Default 0. */
  readonly failRatio?: number;
}

interface Running extends Call {
  readonly process: number;
  readonly invoked: number;
  readonly fate: 'ok' | 'fail' | 'info';
  answer?: ReturnType<Apply>;
}

/**
 * A history of an object that takes each call at one moment: whatever comes out is linearizable. Unknown outcomes may
 * act late.
 */
export function simulate(
  random: Random,
  { apply, call, clients, operations, infoRatio = 0, failRatio = 0 }: Simulation,
): History {
  const done: Operation[] = [];
  const running: (Running | undefined)[] = Array.from({ length: clients }, () => undefined);
  const processes = running.map((_, client) => client);
  const late: Running[] = [];
  let position = 0;
  let started = 0;
  const finish = ({ process, f, value, invoked, fate, answer }: Running): void => {
    const type = fate === 'ok' && answer === 'fail' ? 'fail' : fate;
    const completed = type === 'info' ? Infinity : position++;
    const answered = type === 'ok' && typeof answer === 'object' ? answer.value : value;
    done.push({
      process,
      f,
      type,
      value: answered,
      invoked,
      completed,
      invokedNs: invoked * 1e6,
      completedNs: completed * 1e6,
    });
  };
  while (started < operations || running.some((one) => one !== undefined)) {
    // One that acts late may do so at any moment, or never.
    if (late.length > 0 && random.next() < 0.1) {
      const [one] = late.splice(random.integer(0, late.length - 1), 1);
      if (one !== undefined) apply(one);
    }
    const client = random.integer(0, clients - 1);
    const one = running[client];
    if (one === undefined) {
      if (started >= operations) continue;
      const next = call(random, client);
      if (next === undefined) continue;
      const dice = random.next();
      started++;
      running[client] = {
        ...next,
        process: processes[client] as number,
        invoked: position++,
        fate: dice < infoRatio ? 'info' : dice < infoRatio + failRatio ? 'fail' : 'ok',
      };
    } else if (one.fate === 'fail') {
      finish(one);
      running[client] = undefined;
    } else if (one.answer === undefined && !(one.fate === 'info' && random.next() < 0.5)) {
      one.answer = apply(one);
    } else {
      if (one.answer === undefined) late.push(one);
      finish(one);
      running[client] = undefined;
      if (one.fate === 'info') processes[client] = (processes[client] as number) + clients;
    }
  }
  return { operations: done.sort((a, b) => a.invoked - b.invoked), faults: [] };
}
