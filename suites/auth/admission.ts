import { OperationError } from '@chaos/suite-drivers';

/**
 * Returns the admitted identity, or `undefined` if the token was refused (401, 403). Any other failure is thrown,
 * because it decides nothing about the token.
 */
export async function admission<Identity>(request: Promise<Identity>): Promise<Identity | undefined> {
  return request.catch((error: unknown) => {
    if (error instanceof OperationError && (error.data['status'] === 401 || error.data['status'] === 403))
      return undefined;
    throw error;
  });
}
