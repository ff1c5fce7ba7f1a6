import type { Random } from '@chaos/stats';
import type { SequentialModel } from './models/sequential-model.js';
import type { Apply, Call } from './simulate.test.helper.js';

/** A real object, and the calls to make on it. */
export interface SimulatedObject {
  readonly apply: Apply;
  readonly call: (random: Random, client: number) => Call | undefined;
}

export function uniqueRegister(): SimulatedObject {
  let value: unknown = null;
  let next = 0;
  return {
    apply(call) {
      if (call.f === 'write') ({ value } = call);
      return { value };
    },
    call: (random) => (random.next() < 0.5 ? { f: 'read', value: null } : { f: 'write', value: ++next }),
  };
}

export function casRegister(values = 5): SimulatedObject {
  let value: unknown = null;
  const pick = (random: Random): number => random.integer(0, values - 1);
  return {
    apply(call) {
      if (call.f === 'read') return { value };
      if (call.f === 'write') ({ value } = call);
      else {
        const [from, to] = call.value as [unknown, unknown];
        if (from !== value) return 'fail';
        value = to;
      }
      return { value: call.value };
    },
    call(random) {
      const dice = random.next();
      if (dice < 1 / 3) return { f: 'read', value: null };
      return dice < 2 / 3 ? { f: 'write', value: pick(random) } : { f: 'cas', value: [pick(random), pick(random)] };
    },
  };
}

export function queue(): SimulatedObject {
  const elements: unknown[] = [];
  let next = 0;
  return {
    apply(call) {
      if (call.f === 'dequeue') return { value: elements.shift() ?? null };
      elements.push(call.value);
      return { value: call.value };
    },
    call: (random) => (random.next() < 0.5 ? { f: 'dequeue', value: null } : { f: 'enqueue', value: ++next }),
  };
}

export function set(): SimulatedObject {
  const elements: unknown[] = [];
  let next = 0;
  return {
    apply(call) {
      if (call.f === 'read') return { value: [...elements] };
      elements.push(call.value);
      return { value: call.value };
    },
    call: (random) => (random.next() < 0.4 ? { f: 'read', value: null } : { f: 'add', value: ++next }),
  };
}

export function counter(): SimulatedObject {
  let sum = 0;
  return {
    apply(call) {
      if (call.f === 'read') return { value: sum };
      sum += call.value as number;
      return { value: call.value };
    },
    call: (random) => (random.next() < 0.4 ? { f: 'read', value: null } : { f: 'add', value: random.integer(1, 3) }),
  };
}

export function mutex(): SimulatedObject {
  let held = false;
  return {
    apply(call) {
      if (held === (call.f === 'acquire')) return 'fail';
      held = call.f === 'acquire';
      return { value: null };
    },
    call: (random) => ({ f: random.next() < 0.5 ? 'acquire' : 'release', value: null }),
  };
}

export function ownedMutex(): SimulatedObject {
  let owner: number | undefined;
  return {
    apply({ f, process }) {
      if (owner !== (f === 'acquire' ? undefined : process)) return 'fail';
      owner = f === 'acquire' ? process : undefined;
      return { value: null };
    },
    call: (random) => ({ f: random.next() < 0.5 ? 'acquire' : 'release', value: null }),
  };
}

/** A stack whose elements may be equal, as {@link stackModel} has it. */
export function stack(): SimulatedObject {
  const elements: unknown[] = [];
  return {
    apply({ f, value }) {
      if (f === 'pop') return { value: elements.pop() ?? null };
      elements.push(value);
      return { value };
    },
    call: (random) => (random.next() < 0.5 ? { f: 'pop', value: null } : { f: 'push', value: random.integer(1, 3) }),
  };
}

/** A model as a user writes it. Of an unknown outcome nobody knows what was popped. */
export const stackModel: SequentialModel<readonly unknown[]> = {
  name: 'stack',
  init: () => [],
  step(state, { f, value, type }) {
    if (f === 'push') return [...state, value];
    return type === 'info' || (state.at(-1) ?? null) === value ? state.slice(0, -1) : undefined;
  },
};

/** Registers by name as a user writes them, without a word on what is a read. */
export const mapModel: SequentialModel<Readonly<Record<string, unknown>>> = {
  name: 'map',
  init: () => ({}),
  step(state, { f, value, type }) {
    const { name, item } = value as Entry;
    if (f === 'put') return { ...state, [name]: item };
    return type === 'info' || (state[name] ?? null) === item ? state : undefined;
  },
};

interface Entry {
  readonly name: string;
  readonly item: unknown;
}

/** Calls on the registers of {@link mapModel}. */
export function map(): SimulatedObject {
  const items = new Map<string, unknown>();
  return {
    apply({ f, value }) {
      const { name, item } = value as Entry;
      if (f === 'put') items.set(name, item);
      return { value: { name, item: items.get(name) ?? null } };
    },
    call: (random) => ({
      f: random.next() < 0.5 ? 'get' : 'put',
      value: { name: random.pick(['x', 'y']), item: random.integer(1, 2) },
    }),
  };
}

export function multiRegister(): SimulatedObject {
  const values = new Map<unknown, unknown>();
  return {
    apply(call) {
      return {
        value: (call.value as [string, unknown, unknown][]).map(([f, key, value]) => {
          if (f === 'r') return ['r', key, values.get(key) ?? null];
          values.set(key, value);
          return ['w', key, value];
        }),
      };
    },
    call: (random) => ({
      f: 'txn',
      value: Array.from({ length: random.integer(1, 3) }, () =>
        random.next() < 0.5
          ? ['r', random.pick(['x', 'y']), null]
          : ['w', random.pick(['x', 'y']), random.integer(1, 3)],
      ),
    }),
  };
}
