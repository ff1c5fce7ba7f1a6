/** What a worker writes into its stdout and stderr to tell main where a test's output ends; never printed. */
export const OUTPUT_MARK = '\u0000chaos:end\u0000';
