import { isIPv4 } from 'node:net';
import { activeFault, checkMilliseconds, type ActiveFault, type Fault } from '@chaos/spec';
import type { DnsFaultOptions, DnsServer } from './dns-server.js';

/** Plan for answering a query. */
export interface AnswerPlan {
  readonly silent: boolean;
  readonly delayMs: number;
  readonly code: 'NOERROR' | 'SERVFAIL' | 'NXDOMAIN' | 'REFUSED';
  readonly address: string | undefined;
}

/** A fault in force: changes the plan of matching queries. */
interface Rule {
  readonly name: string | undefined;
  apply(plan: AnswerPlan): AnswerPlan;
}

/** The faults of a name server, and the plan that the active ones make for a query. They end with this process. */
export interface DnsFaults extends Pick<DnsServer, 'fail' | 'slow' | 'wrong' | 'silent' | 'flap'> {
  planFor(name: string): AnswerPlan;
  healAll(): void;
}

const CLEAN: AnswerPlan = { silent: false, delayMs: 0, code: 'NOERROR', address: undefined };

export function createDnsFaults(names: readonly string[]): DnsFaults {
  const rules = new Set<Rule>();

  function fault(
    what: string,
    { name }: DnsFaultOptions,
    apply: (plan: AnswerPlan, sinceMs: number) => AnswerPlan,
  ): Fault {
    if (name !== undefined && !names.includes(name))
      throw new TypeError(
        `Cannot break a name: current name is ${JSON.stringify(name)}, known are ${names.join(', ')}`,
      );
    return {
      name: `dns ${what}${name === undefined ? '' : ` ${name}`}`,
      async inject(signal): Promise<ActiveFault> {
        signal.throwIfAborted();
        const startMs = performance.now();
        const rule: Rule = { name, apply: (plan) => apply(plan, performance.now() - startMs) };
        rules.add(rule);
        return activeFault(async () => void rules.delete(rule));
      },
    };
  }

  return {
    planFor: (name) =>
      [...rules]
        .filter((rule) => rule.name === undefined || rule.name === name)
        .reduce((plan, rule) => rule.apply(plan), CLEAN),
    healAll: () => rules.clear(),
    fail({ code = 'SERVFAIL', ...options } = {}) {
      if (!['SERVFAIL', 'NXDOMAIN', 'REFUSED'].includes(code))
        throw new TypeError(
          `Cannot fail a name: current code is ${JSON.stringify(code)}, it must be SERVFAIL, NXDOMAIN or REFUSED`,
        );
      return fault(code, options, (plan) => ({ ...plan, code }));
    },
    slow({ delayMs, ...options }) {
      checkMilliseconds('delayMs', delayMs);
      return fault(`${delayMs} ms late`, options, (plan) => ({ ...plan, delayMs: plan.delayMs + delayMs }));
    },
    wrong({ address, ...options }) {
      if (!isIPv4(address))
        throw new TypeError(
          `Cannot give a wrong address: current address is ${JSON.stringify(address)}, an IPv4 address is needed`,
        );
      return fault(`wrong (${address})`, options, (plan) => ({ ...plan, address }));
    },
    silent: (options = {}) => fault('silent', options, (plan) => ({ ...plan, silent: true })),
    flap({ downMs, upMs, ...options }) {
      checkMilliseconds('downMs', downMs);
      checkMilliseconds('upMs', upMs);
      return fault(`flaps, ${downMs} ms down, ${upMs} ms up`, options, (plan, sinceMs) =>
        sinceMs % (downMs + upMs) < downMs ? { ...plan, code: 'SERVFAIL' } : plan,
      );
    },
  };
}
