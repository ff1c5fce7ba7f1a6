import type { AccountOperations } from '../operations/accounts.js';
import type { InDriver, SuiteOperations } from '../operations.js';
import { call, get } from './call.js';

interface Account {
  readonly id: string;
  readonly balance: number;
}

const ACCOUNT = /^account-/;
const counter = (name: string): string => `/counters/${encodeURIComponent(name)}`;

/** Accounts and counters of the sample service. */
export const accounts: InDriver<AccountOperations & Pick<SuiteOperations, 'count' | 'increment' | 'transfer'>> = {
  count: async (context, key, options) =>
    ACCOUNT.test(key)
      ? (await get<Account>(context, `/accounts/${encodeURIComponent(key)}`, options)).balance
      : (await get<{ value: number }>(context, counter(key), options)).value,
  increment: async (context, key, options) =>
    (await call<{ value: number }>(context, 'POST', `${counter(key)}/increment`, {}, options)).value,
  transfer: (context, from, to, amount, options) =>
    call<unknown>(context, 'POST', '/transfers', { from, to, amount }, options),
  balances: async (context, options) =>
    Object.fromEntries((await get<Account[]>(context, '/accounts', options)).map(({ id, balance }) => [id, balance])),
  total: async (context, options) => (await get<{ total: number }>(context, '/total', options)).total,
};
