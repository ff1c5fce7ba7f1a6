import type { Check } from './check.js';

/** 20.19 is the first version that can `require()` an ES module without a flag. */
const NEEDED = { major: 20, minor: 19 } as const;

/** Checks that this Node.js is recent enough. */
export function checkNodeVersion(version: string = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const recent = major > NEEDED.major || (major === NEEDED.major && minor >= NEEDED.minor);
  return recent
    ? { name: 'Node.js', status: 'ok', detail: version }
    : {
        name: 'Node.js',
        status: 'fail',
        detail: `${version} is too old`,
        fix: `Install Node.js ${NEEDED.major}.${NEEDED.minor} or later.`,
      };
}
