import type { Defect } from '../composition/defect.js';

/** Only the client has a time-out; the server keeps running the statement. */
export const defect: Defect = {
  serverSettings: ({ lockTimeoutMs }) => ({ lock_timeout: lockTimeoutMs }),
};
