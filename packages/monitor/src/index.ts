export { OVERLOAD_LIMITS } from './overload-judge.js';
export { startMonitor } from './start-monitor.js';
export { watchEventLoop } from './watch-event-loop.js';
export type { OverloadLimits } from './overload-judge.js';
export type { Monitor, MonitorOptions, WatchedScope } from './start-monitor.js';
export type { EventLoopReading, EventLoopWatch } from './watch-event-loop.js';
