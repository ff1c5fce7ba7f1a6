import { REPORTERS } from '../reporter-names.js';

/** What `--reporter` takes, for its help. */
export const REPORTER_HELP: string = `${REPORTERS.join(', ')}, a module or a package; separated by commas, or several times`;
