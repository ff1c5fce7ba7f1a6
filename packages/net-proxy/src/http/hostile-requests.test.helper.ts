import type { createRandom } from '@chaos/stats';

type Random = ReturnType<typeof createRandom>;

const HIDDEN = 'GET /hidden HTTP/1.1\r\nHost: inner\r\n\r\n';
const LINES: readonly string[] = [
  'Content-Length: 0',
  'Content-Length: 5',
  'Content-Length: +5',
  'Content-Length: 0x5',
  'Content-Length: 5, 5',
  'Content-Length : 5',
  'Content-Length:\t5',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Content-\x00Length: 5',
  'Content_Length: 5',
  'Transfer-Encoding: chunked',
  'transfer-encoding: CHUNKED',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\x0bchunked',
  'Transfer-Encoding: xchunked',
  ' Transfer-Encoding: chunked',
  'X: y\r\n Transfer-Encoding: chunked',
  'X: y\nTransfer-Encoding: chunked',
  'X: y\rTransfer-Encoding: chunked',
  'Connection: Content-Length',
  'Connection: close, Transfer-Encoding',
  'Expect: 100-continue',
  'Expect: 200-ok',
  'Upgrade: h2c\r\nConnection: Upgrade',
  'Host: other',
  ': empty',
  'No colon at all',
];
const TARGETS = ['/', '/a', '/a b', '*', 'http://elsewhere/', '//x', '/\x80', '/a\tb', 'a', ''];
const METHODS = ['GET', 'POST', 'HEAD', 'DELETE', 'OPTIONS', 'CONNECT', 'get', 'PRI', 'G\x00T'];
const VERSIONS = ['HTTP/1.1', 'HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.1 ', 'http/1.1', 'HTTP/11'];
const ENDS = ['\r\n', '\r\n', '\r\n', '\n', '\r'];
const BODIES: readonly string[] = [
  '',
  HIDDEN,
  `0\r\n\r\n${HIDDEN}`,
  `5\r\nhello\r\n0\r\n\r\n${HIDDEN}`,
  `5;a=b\r\nhello\r\n0\r\nTrailer: x\r\n\r\n${HIDDEN}`,
  `5\nhello\n0\n\n${HIDDEN}`,
  `0x5\r\nhello\r\n0\r\n\r\n${HIDDEN}`,
  ` 5\r\nhello\r\n0\r\n\r\n${HIDDEN}`,
  `5\r\nhelloX0\r\n\r\n${HIDDEN}`,
  `FFFFFFFFFFFFFFFFF\r\n${HIDDEN}`,
  `-1\r\n${HIDDEN}`,
  `hello${HIDDEN}`,
];

/** A message that two readers of HTTP may take for different requests, drawn at random. */
export function hostileRequest(random: Random): string {
  const pick = (from: readonly string[]): string => from[random.integer(0, from.length - 1)] ?? '';
  const rarely = (odd: readonly string[], usual: string): string => (random.next() < 0.1 ? pick(odd) : usual);
  const end = random.next() < 0.8 ? '\r\n' : pick(ENDS);
  const first = `${rarely(METHODS, 'POST')} ${rarely(TARGETS, '/')} ${rarely(VERSIONS, 'HTTP/1.1')}`;
  const lines = Array.from({ length: random.integer(0, 3) }, () => pick(LINES));
  const host = rarely(['', 'Host: a\r\nHost: b'], 'Host: outer');
  return `${[first, host, ...lines].filter((line) => line !== '').join(end)}${end}${end}${pick(BODIES)}`;
}

/** An answer that two readers may take for one and for two; the second would have the status 299. */
export function hostileAnswer(random: Random): string {
  const pick = (from: readonly string[]): string => from[random.integer(0, from.length - 1)] ?? '';
  const first = random.next() < 0.7 ? 'HTTP/1.1 200 OK' : pick(['HTTP/1.1 20', 'HTTP/1.1 200 \x01', 'HTTP/3 200', '']);
  const lines = Array.from({ length: random.integer(0, 3) }, () => pick(LINES));
  const body = pick(['', 'hello', '5\r\nhello\r\n0\r\n\r\n', '5\nhello\n0\n\n', 'FFFFFFFFFFFFFFFFF\r\n', '0\r\n\r\n']);
  const framed = random.next() < 0.5 ? ['Content-Length: 5'] : ['Transfer-Encoding: chunked'];
  return `${[first, ...framed, ...lines].join('\r\n')}\r\n\r\n${body}HTTP/1.1 299 Second\r\nContent-Length: 0\r\n\r\n`;
}

/** What a reader that prefers one of the two lengths takes a stream of requests for. */
export function readAs(stream: string, prefers: 'content-length' | 'transfer-encoding'): readonly string[] {
  const requests: string[] = [];
  let rest = stream;
  while (rest !== '') {
    const headEnd = /\r?\n\r?\n/.exec(rest);
    if (!headEnd) return [...requests, `unfinished ${rest.slice(0, 40)}`];
    const head = rest.slice(0, headEnd.index);
    rest = rest.slice(headEnd.index + headEnd[0].length);
    const [first = '', ...fields] = head.split(/\r\n|\n|\r/);
    const value = (name: string): string | undefined =>
      fields
        .find((field) =>
          field
            .toLowerCase()
            .replaceAll(/[\s\0]/g, '')
            .startsWith(`${name}:`),
        )
        ?.split(':')[1]
        ?.trim();
    const [length, coding] = [value('content-length'), value('transfer-encoding')];
    const isChunked = coding !== undefined && (prefers === 'transfer-encoding' || length === undefined);
    const [body, after] = isChunked ? chunked(rest) : [Number.parseInt(length ?? '0', 10) || 0, undefined];
    rest = after ?? rest.slice(body as number);
    requests.push(first);
  }
  return requests;
}

function chunked(text: string): [body: number, after: string] {
  let rest = text;
  for (;;) {
    const line = /^\s*([\da-f]+)[^\n]*\n/i.exec(rest);
    if (!line) return [0, rest === '' ? '' : `unreadable ${rest}`];
    const size = Number.parseInt(line[1] ?? '0', 16);
    rest = rest.slice(line[0].length + size);
    const end = /^\r?\n/.exec(rest);
    if (size === 0) return [0, rest.slice(end?.[0].length ?? 0)];
    rest = rest.slice(end?.[0].length ?? 0);
  }
}
