export { check } from './check.js';
export { MODELS, findModel } from './models.js';
export type { CheckOptions } from './check.js';
export type { History, HistoryFault } from './history.js';
export type { Model } from './model.js';
export type { Operation, OperationType } from './operation.js';
export type { Anomaly, AnomalyStep, Coverage, Verdict } from './verdict.js';
