import { validateHeaderValue, type ServerResponse } from 'node:http';

/** Answers in one piece; what no field of HTTP can say of its type is sent as bytes of no type. */
export function answer(response: ServerResponse, status: number, contentType: string, body: string | Buffer): void {
  response.writeHead(status, {
    'content-type': fieldOf(contentType),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(body);
}

/** Answers a request that could not be served: 400 where it cannot be read. */
export function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const isUnread =
    error instanceof SyntaxError || error instanceof RangeError || error instanceof URIError || isNoUrl(error);
  answer(response, isUnread ? 400 : 500, 'text/plain', `Cannot serve the request: ${String(error)}\n`);
}

function isNoUrl(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ERR_INVALID_URL';
}

function fieldOf(contentType: string): string {
  try {
    validateHeaderValue('content-type', contentType);
  } catch {
    return 'application/octet-stream';
  }
  return /^text\/|json$/.test(contentType) ? `${contentType}; charset=utf-8` : contentType;
}
