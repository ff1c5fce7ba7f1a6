import { InvariantViolation, OperationError } from '@chaos/spec';

/** An answer of GraphQL. Source: the specification, section 7.1, Response Format. */
export interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message?: string; readonly extensions?: { readonly code?: string } }[];
}

const UNAVAILABLE: ReadonlySet<unknown> = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']);

/**
 * The data of an answer.
 *
 * @throws OperationError where it has errors: `unavailable` for those of the server itself, else `rejected`
 * @throws InvariantViolation where the data are not right
 */
export function dataOf(
  { data, errors = [] }: GraphqlAnswer,
  path: string,
  right?: (data: unknown) => boolean,
): unknown {
  const [first] = errors;
  if (first) {
    const said = errors.map(({ message = 'an error without a message' }) => message).join('; ');
    const outcome = errors.some(({ extensions }) => UNAVAILABLE.has(extensions?.code)) ? 'unavailable' : 'rejected';
    throw new OperationError(outcome, `POST ${path} answered with errors: ${said}`);
  }
  if (right?.(data) === false)
    throw new InvariantViolation(`POST ${path} answered ${JSON.stringify(data)}, which is not right`);
  return data;
}
