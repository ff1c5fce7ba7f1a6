export { lastFailed } from './execute/history-file.js';
