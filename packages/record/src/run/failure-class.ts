import type { Attempt, ErrorCode, FailureClass, SerializedError } from '@chaos/spec';
import { errorKind } from './error-kind.js';

// A new error code has to be put into a class here.
const CLASS_OF_CODE: Readonly<Record<ErrorCode, FailureClass>> = {
  CAPABILITY_MISSING: 'environment',
  CONFIG: 'test',
  DESCRIPTORS_EXHAUSTED: 'environment',
  DEVICE_BUSY: 'environment',
  ENVIRONMENT: 'environment',
  EXIT_MISSING: 'target',
  FAULT_CONFLICT: 'fault',
  FAULT_LAPSED: 'fault',
  FAULT_NOT_AS_PLANNED: 'fault',
  FAULT_REFUSED: 'fault',
  FAULT_UNHEALED: 'fault',
  FAULT_UNVERIFIED: 'fault',
  HEAL_BUSY: 'environment',
  HISTORY_FORMAT: 'test',
  INVARIANT_VIOLATION: 'invariant',
  JOURNAL_UNWRITABLE: 'environment',
  LEFT_BEHIND: 'test',
  LINK_BROKEN: 'fault',
  NOT_AWAITED: 'test',
  OPERATION: 'operation',
  PORT_TAKEN: 'environment',
  PROCESS_SURVIVED: 'environment',
  QDISC_NOT_RESTORABLE: 'fault',
  QDISC_NOT_RESTORED: 'fault',
  REPORT: 'environment',
  RESET_FAILED: 'environment',
  SERVICE_DOWN: 'environment',
  SLOT_LOST: 'environment',
  TARGET_EXITED: 'target',
  TC_FAILED: 'fault',
  TERMINATED: 'interrupted',
  TOO_FEW_SAMPLES: 'assertion',
  UPSTREAM_UNREACHABLE: 'operation',
  USAGE: 'test',
  VERDICT_UNKNOWN: 'assertion',
  WARM_UP_FAILED: 'target',
  WORKER_LOST: 'worker',
};

// Codes of the system: the machine has none left, or the connection to the target broke.
const MACHINE = /^(?:ENOSPC|EDQUOT|EROFS|EMFILE|ENFILE|ENOMEM|EAGAIN|ERR_OUT_OF_MEMORY)$/;
const CONNECTION =
  /^(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_\w+)$/;
// Errors that PostgreSQL answers with.
const SQLSTATE = /^(?=.{5}$)(?:\d|F0|HV|P0|XX)[0-9A-Z]+$/;

/**
 * The kind of failure of an attempt; `undefined` if it did not fail. The first error decides, because it decides the
 * status, too; wrong data has precedence wherever it was found.
 *
 * @example
 * ```ts
 * failureClassOf({ status: 'failed', errors: [{ name: 'Error', code: 'ECONNREFUSED' }] }); // 'operation'
 * ```
 */
export function failureClassOf({ status, errors }: Pick<Attempt, 'status' | 'errors'>): FailureClass | undefined {
  if (errors.some(({ invariant }) => invariant === true)) return 'invariant';
  const [first] = errors;
  if (status === 'interrupted') return 'interrupted';
  const told = first && classOfCodes(first);
  if (told === 'worker') return told;
  if (status === 'timedOut') return 'timeout';
  if (first === undefined) return status === 'failed' ? 'error' : undefined;
  if (told !== undefined) return told;
  if (first.name === 'TimeoutError') return 'timeout';
  return errorKind(first) === 'failure' ? 'assertion' : 'error';
}

// `fetch failed` and its like have the code in their cause.
function classOfCodes({ code, name, cause }: SerializedError): FailureClass | undefined {
  if (code !== undefined) {
    if (isErrorCode(code)) return CLASS_OF_CODE[code];
    if (MACHINE.test(code)) return 'environment';
    if (CONNECTION.test(code) || SQLSTATE.test(code)) return 'operation';
  }
  // An error that Redis answers with.
  if (name === 'ReplyError') return 'operation';
  return cause && classOfCodes(cause);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(CLASS_OF_CODE, code);
}
