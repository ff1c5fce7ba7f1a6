import type { ErrorCode } from '@chaos/spec';
import type { Decision } from './decision.js';
import { firstError, type Suspect } from './suspect.js';

/** Codes of errors that tell the cause themselves. */
const CODES: Readonly<Partial<Record<ErrorCode, Decision['tag']>>> = {
  CAPABILITY_MISSING: 'ENVIRONMENT',
  DESCRIPTORS_EXHAUSTED: 'ENVIRONMENT',
  DEVICE_BUSY: 'ENVIRONMENT',
  ENVIRONMENT: 'ENVIRONMENT',
  FAULT_LAPSED: 'ENVIRONMENT',
  FAULT_NOT_AS_PLANNED: 'ENVIRONMENT',
  FAULT_UNVERIFIED: 'ENVIRONMENT',
  HEAL_BUSY: 'ENVIRONMENT',
  JOURNAL_UNWRITABLE: 'ENVIRONMENT',
  PORT_TAKEN: 'ENVIRONMENT',
  SERVICE_DOWN: 'ENVIRONMENT',
  SLOT_LOST: 'ENVIRONMENT',
  CONFIG: 'TEST_DESIGN',
  FAULT_CONFLICT: 'TEST_DESIGN',
  FAULT_REFUSED: 'TEST_DESIGN',
  FAULT_UNHEALED: 'TEST_DESIGN',
  HISTORY_FORMAT: 'TEST_DESIGN',
  LEFT_BEHIND: 'TEST_DESIGN',
  NOT_AWAITED: 'TEST_DESIGN',
  USAGE: 'TEST_DESIGN',
  TOO_FEW_SAMPLES: 'TUNING_NEEDED',
};

// Codes of the system for what the machine has none left of.
const MACHINE = /^(?:ENOSPC|EDQUOT|EROFS|EMFILE|ENFILE|ENOMEM|ERR_OUT_OF_MEMORY)$/;

/** The decision that a failure carries in itself, so that no rerun is needed; `undefined` for all others. */
export function decideAtOnce(suspect: Suspect): Omit<Decision, 'evidence'> | undefined {
  const { data, arms } = suspect;
  const { status } = suspect.failure;
  if (status === 'passed' || data.test.expectedStatus === 'failed')
    return {
      tag: 'TEST_DESIGN',
      confidence: 0.95,
      because: `test.fail() says that it fails, and it ${status === 'passed' ? 'passed: what it waited for is mended' : 'ran out of time instead'}`,
    };
  const rerunWrong = Object.values(arms).some(({ wrongData }) => wrongData > 0);
  if (rerunWrong || data.attempts.some(({ failureClass }) => failureClass === 'invariant'))
    return {
      tag: 'POTENTIAL_BUG',
      confidence: 0.99,
      because: 'the result was wrong; no load and no time-out excuses that',
    };
  const code = codeOf(suspect);
  if (code === undefined) return undefined;
  if (MACHINE.test(code))
    return { tag: 'ENVIRONMENT', confidence: 0.95, because: `the machine has none left: ${code}` };
  const tag = CODES[code as ErrorCode];
  return tag && { tag, confidence: 0.95, because: `the error says so: ${code}` };
}

function codeOf(suspect: Suspect): string | undefined {
  for (let error = firstError(suspect); error !== undefined; error = error.cause)
    if (error.code !== undefined) return error.code;
  return undefined;
}
