import { homedir, userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/**
 * The user's home folder; `undefined` where there is none: a container may run as a uid that `/etc/passwd` does not
 * know, and `HOME` may be missing. An empty or relative `HOME` counts as not set.
 */
export function homeFolder(): string | undefined {
  for (const ask of [homedir, () => userInfo().homedir]) {
    try {
      const folder = ask();
      if (isAbsolute(folder)) return folder;
    } catch {
      // Node.js throws where neither knows.
    }
  }
  return undefined;
}
