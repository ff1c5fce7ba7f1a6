import { serverSettingsOf } from '../database/pooled-connections.js';
import type { Defect } from '../composition/defect.js';

/** "The disk is slow": the server acknowledges a commit before it has written it. */
export const defect: Defect = {
  serverSettings: (limits) => ({ ...serverSettingsOf(limits), synchronous_commit: 0 }),
};
