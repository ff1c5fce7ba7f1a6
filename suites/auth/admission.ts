import { OperationError } from '@chaos/suite-drivers';

/**
 * Who was let in, or `undefined` when the token was refused (401, 403). An answer that is no decision about the token,
 * or none, is thrown.
 */
export async function admission<Identity>(request: Promise<Identity>): Promise<Identity | undefined> {
  return request.catch((error: unknown) => {
    if (error instanceof OperationError && (error.data['status'] === 401 || error.data['status'] === 403))
      return undefined;
    throw error;
  });
}
