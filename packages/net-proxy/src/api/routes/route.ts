import type { ServerResponse } from 'node:http';

/** A request, as far as handlers look at it. */
export interface ApiRequest {
  readonly body: string;
  readonly query: URLSearchParams;
  /** The decoded parts of the path that the pattern names: proxy, toxic or connection. */
  readonly params: readonly string[];
}

/** Answer of a handler: JSON, or text with its type, or nothing. */
export interface ApiAnswer {
  /** `false`: no route fits, and then the answer has no request id. */
  readonly known?: false;
  readonly status: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly type?: string;
  /** Handles the response itself: it is a stream. */
  readonly stream?: (response: ServerResponse) => void;
}

/** `*` in the path stands for one part. */
export interface Route {
  readonly methods: readonly string[];
  readonly path: string;
  handle(request: ApiRequest): Promise<ApiAnswer> | ApiAnswer;
}
