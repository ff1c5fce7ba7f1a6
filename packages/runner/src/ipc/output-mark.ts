/** Mark that a worker writes to stdout and stderr at the end of a test's output; never printed. */
export const OUTPUT_MARK = '\u0000chaos:end\u0000';
