import { REPORTERS } from '../reporters/reporter-choice.js';

/** Accepted values of `--reporter`, for the help. */
export const REPORTER_HELP: string = `${REPORTERS.join(', ')}, a module or a package; separated by commas, or several times`;
