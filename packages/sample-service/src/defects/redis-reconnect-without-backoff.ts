import { connectCache } from '../cache/cache-connection.js';
import type { Defect } from '../composition/defect.js';

/**
 * Connects again at once, each time. Known from post-mortems: the herd of clients that keeps a restarted Redis down.
 */
export const defect: Defect = {
  cacheConnection: (options) => connectCache({ ...options, pauseMs: () => 0 }),
};
