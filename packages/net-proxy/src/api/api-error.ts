/** A refusal as Toxiproxy words it, with its HTTP status. */
export class ApiError extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

/** 400 with Toxiproxy's prefix. */
export function badBody(detail: string): ApiError {
  return new ApiError(`bad request body: ${detail}`, 400);
}
