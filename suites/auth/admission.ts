import { OperationError, outcomeOf } from '../drivers/index.js';

/**
 * Returns the answer of an admitted request, or `undefined` if its token was refused (401, 403). Any other failure is
 * thrown, because it decides nothing about the token.
 */
export async function admission<Answer>(request: Promise<Answer>): Promise<Answer | undefined> {
  return request.catch((error: unknown) => {
    if (error instanceof OperationError && (error.data['status'] === 401 || error.data['status'] === 403))
      return undefined;
    throw error;
  });
}

/** False for a refusal, of whatever kind; a request without an answer decides nothing. */
export async function isAdmitted(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    const outcome = outcomeOf(error);
    if (outcome === 'rejected' || outcome === 'unavailable') return false;
    throw error;
  }
}

/** A token, and what has to become of a request with it. */
export interface JudgedToken {
  readonly token: string;
  readonly isGood: boolean;
}

/** What became of a request with a token. */
export interface Judged {
  readonly isGood: boolean;
  readonly isAdmitted: boolean;
}

/**
 * Sends a request with a token. A good one may fail for other reasons than its token (then this rejects), but must not
 * be refused; a bad one may be refused in any way.
 */
export async function judged(
  { token, isGood }: JudgedToken,
  request: (token: string) => Promise<unknown>,
): Promise<Judged> {
  const call = request(token);
  return {
    isGood,
    isAdmitted: isGood ? (await admission(call.then(() => true))) !== undefined : await isAdmitted(call),
  };
}

/** True where good tokens were admitted and bad ones were not. */
export function isRightlyJudged({ isGood, isAdmitted: admitted }: Judged): boolean {
  return isGood === admitted;
}
