export { createJsonReporter } from './json-reporter.js';
export { createListReporter } from './list-reporter.js';
export type { JsonReporterOptions } from './json-reporter.js';
export type { ListReporterOptions } from './list-reporter.js';
export type { ReportStream } from './live-region.js';
