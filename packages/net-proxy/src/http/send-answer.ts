import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { ChosenHttpToxic } from './http-toxic-set.js';
import { readAnswer } from './message-fields.js';

const PACE_MS = 50;

/** Answers in place of the upstream, if a toxic wants that and need not ask it; returns whether it did. */
export function answerInstead(response: ServerResponse, chosen: readonly ChosenHttpToxic[]): boolean {
  const found = chosen.find(({ toxic }) => toxic.instead?.isAsked === false);
  if (found) sendInstead(response, found);
  return found !== undefined;
}

/** Passes the answer of the upstream on, changed by the toxics. Throws `TypeError` for one of two meanings. */
export function passAnswer(
  answer: IncomingMessage,
  response: ServerResponse,
  chosen: readonly ChosenHttpToxic[],
): void {
  const closes = answer.headers.connection?.toLowerCase() === 'close';
  if (closes) response.shouldKeepAlive = false;
  if (chosen.length > 0) return void changeAnswer(answer, response, chosen);
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, fieldsOf(answer));
  answer.pipe(response);
}

function changeAnswer(answer: IncomingMessage, response: ServerResponse, chosen: readonly ChosenHttpToxic[]): void {
  const instead = chosen.find(({ toxic }) => toxic.instead);
  if (instead) {
    answer.resume();
    return sendInstead(response, instead);
  }
  const fields = fieldsOf(answer);
  const replaced = chosen.findLast(({ toxic }) => toxic.body !== undefined)?.toxic.body;
  for (const { toxic, changed } of chosen) {
    if (!toxic.fields) continue;
    for (const [name, value] of Object.entries(toxic.fields)) replace(fields, name, value);
    changed();
  }
  if (replaced !== undefined) {
    for (const name of ['Content-Encoding', 'ETag']) replace(fields, name, undefined);
    replace(fields, 'Content-Length', String(Buffer.byteLength(replaced)));
    answer.resume();
  }
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, fields);
  sendBody(replaced === undefined ? answer : [Buffer.from(replaced)], response, chosen).catch(() => response.destroy());
}

function fieldsOf({ rawHeaders }: IncomingMessage): string[] {
  const read = readAnswer(rawHeaders);
  if ('refused' in read) throw new TypeError(`Cannot pass an answer on: it has ${read.refused}`);
  return read.fields;
}

function sendInstead(response: ServerResponse, { toxic, changed }: ChosenHttpToxic): void {
  const { status = 500, fields = {}, body = '' } = toxic.instead ?? {};
  changed();
  response.writeHead(status, { ...fields, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

async function sendBody(
  body: AsyncIterable<Buffer> | Iterable<Buffer>,
  response: ServerResponse,
  chosen: readonly ChosenHttpToxic[],
): Promise<void> {
  const cut = chosen.reduce<ChosenHttpToxic | undefined>(
    (least, each) => ((each.toxic.mostBytes ?? Infinity) < (least?.toxic.mostBytes ?? Infinity) ? each : least),
    undefined,
  );
  const paced = chosen.filter(({ toxic }) => toxic.bytesPerSecond !== undefined);
  const bytesPerSecond = Math.min(...paced.map(({ toxic }) => toxic.bytesPerSecond ?? Infinity));
  let left = cut?.toxic.mostBytes ?? Infinity;
  // The head goes out at once.
  response.flushHeaders();
  for await (const bytes of body) {
    if (bytes.length > 0) for (const { changed } of paced.splice(0)) changed();
    const piece = bytes.subarray(0, left);
    left -= piece.length;
    await write(piece, response, bytesPerSecond);
    if (piece.length === bytes.length) continue;
    cut?.changed();
    return response.socket?.destroySoon();
  }
  response.end();
}

async function write(bytes: Buffer, response: ServerResponse, bytesPerSecond: number): Promise<void> {
  const step = Number.isFinite(bytesPerSecond) ? Math.max(1, Math.floor((bytesPerSecond * PACE_MS) / 1000)) : Infinity;
  for (let at = 0; at < bytes.length; at += step) {
    if (response.destroyed) throw new Error('The client has gone');
    const piece = bytes.subarray(at, at + step);
    if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    if (step !== Infinity) await wait((piece.length / bytesPerSecond) * 1000);
  }
}

function replace(fields: string[], name: string, value: string | undefined): void {
  for (let at = fields.length - 2; at >= 0; at -= 2)
    if (fields[at]?.toLowerCase() === name.toLowerCase()) fields.splice(at, 2);
  if (value !== undefined) fields.push(name, value);
}
