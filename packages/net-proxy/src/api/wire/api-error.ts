/** A refusal as Toxiproxy words it, with its HTTP status. */
export class ApiError extends Error {
  readonly status: number;
  /** The machine refuses, not the API: for example another process has the port. */
  readonly environment: boolean;

  constructor(message: string, status: number, environment: boolean = false) {
    super(message);
    this.environment = environment;
    this.name = 'ApiError';
    this.status = status;
  }
}

/** 400 with Toxiproxy's prefix. */
export function badBody(detail: string): ApiError {
  return new ApiError(`bad request body: ${detail}`, 400);
}
