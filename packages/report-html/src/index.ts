export { createHtmlReporter } from './html-reporter.js';
export type { HtmlReporterOptions } from './html-reporter.js';
export { startLiveServer } from './live/live-server.js';
export { packReport } from './write/pack-report.js';
export type { LiveCommands, LiveServer } from './live/live-server.js';
