/** An error whose stack begins with the caller of `own`. */
export function stackAbove(own: Function): Error {
  const error = new Error('opened here');
  Error.captureStackTrace(error, own);
  return error;
}
