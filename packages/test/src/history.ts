export {
  check, checkStream, classifyExec, classifyPostgres, classifyRedis, createRecorder, describeVerdict, interleave, postgresBank, postgresListAppend, postgresLongFork, postgresQueue, postgresRegisters,
  postgresSet, postgresTransaction, readHistory, redisBank, redisListAppend, redisLongFork, redisQueue, redisRegisters, redisSet, runWorkload, transactionGenerator, writeHistory,
} from '@chaos/history';
export type { Anomaly, CheckOptions, Coverage, History, HistoryFault, HistoryProcess, InterleavedStep, Operation, Recorder, RunWorkloadOptions, Verdict, Workload } from '@chaos/history';
