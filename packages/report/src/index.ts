export { createDotReporter } from './terminal/dot-reporter.js';
export { createJsonReporter } from './json/json-reporter.js';
export { createLineReporter } from './terminal/line-reporter.js';
export { createListReporter } from './terminal/list-reporter.js';
export { createNullReporter } from './null-reporter.js';
export type { JsonReport } from './json/json-types.js';
export type { JsonReporterOptions } from './json/json-reporter.js';
export type { ReportStream } from './output/output.js';
export type { TerminalReporterOptions } from './terminal/terminal.js';
