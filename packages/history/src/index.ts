export type { History, HistoryFault } from './history.js';
export type { Operation, OperationType } from './operation.js';
export type { Anomaly, AnomalyStep, Coverage, Verdict } from './verdict.js';
