import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer } from './answer.js';

const COOKIE_SECONDS = 7 * 86_400;

/** Said to a browser that does not know the token. */
export const ASK = 'Open the address that chaos ui has printed: it holds a token that works once.\n';

/** Lets in the browser that knows the token, and no page of another site. */
export class Guard {
  readonly token: string = randomBytes(24).toString('base64url');
  readonly #cookie = randomBytes(24).toString('base64url');
  readonly #hosts: readonly string[];
  // Browsers send cookies to every port of a host: another `chaos ui` must not take the place of this one's.
  readonly #name: string;
  #isUsed = false;

  constructor(port: number) {
    this.#hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
    this.#name = `chaos-ui-${port}`;
  }

  refusal({ headers, method }: IncomingMessage): { readonly status: number; readonly text: string } | undefined {
    const hosts = this.#hosts;
    // A name of somebody else's that resolves to this machine is no name of ours.
    if (!hosts.includes(headers.host ?? '')) return { status: 421, text: `This server is ${hosts.join(' or ')}.\n` };
    const { origin } = headers;
    if (origin === undefined ? method !== 'GET' : !hosts.some((host) => origin === `http://${host}`))
      return { status: 403, text: 'Only a page of this server may ask that.\n' };
    return undefined;
  }

  enter(token: string, response: ServerResponse): void {
    if (this.#isUsed || !isSame(token, this.token)) return answer(response, 401, 'text/plain', ASK);
    this.#isUsed = true;
    response.writeHead(303, {
      'set-cookie': `${this.#name}=${this.#cookie}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${COOKIE_SECONDS}`,
      location: '/',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    response.end();
  }

  knows({ headers }: IncomingMessage): boolean {
    const cookies = (headers.cookie ?? '').split(';').map((each) => each.trim());
    return cookies.some((each) => isSame(each, `${this.#name}=${this.#cookie}`));
  }
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
