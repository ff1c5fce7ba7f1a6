import { createReservations } from '../planning/reservations.js';
import { createRosters } from '../planning/rosters.js';
import type { Defect } from '../composition/defect.js';

/** Looks at other rows and then writes its own at the default level: two who look at the same time both may. */
export const defect: Defect = {
  reservations: (parts) => createReservations(parts, 'READ COMMITTED'),
  rosters: (parts) => createRosters(parts, 'READ COMMITTED'),
};
