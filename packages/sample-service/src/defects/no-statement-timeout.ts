import type { Defect } from './defect.js';

/** The client has a time-out, so the server seems to need none. */
export const defect: Defect = {
  serverSettings: ({ lockTimeoutMs }) => ({ lock_timeout: lockTimeoutMs }),
};
