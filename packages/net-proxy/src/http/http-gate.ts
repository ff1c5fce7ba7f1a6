import { Agent, createServer, request as httpRequest, type ClientRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, isIP, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Random } from '@chaos/stats';
import { HttpToxicSet } from './http-toxic-set.js';
import { readRequest } from './message-fields.js';
import { answerInstead, passAnswer } from './send-answer.js';

/** The server of HTTP behind a proxy. */
export interface HttpUpstream {
  readonly host: string;
  readonly port: number;
  /** True where it speaks TLS; its certificate is verified. */
  readonly tls: boolean;
}

/** Reads requests strictly, asks the upstream on a connection for each client's, and changes answers by toxics. */
export class HttpGate {
  readonly toxics: HttpToxicSet;
  readonly #upstream: HttpUpstream;
  readonly #host: string;
  readonly #agents = new WeakMap<Socket, Agent>();
  readonly #clients = new Set<Socket>();
  // Time is the matter of the client and of the upstream.
  readonly #server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true });

  constructor(upstream: HttpUpstream, random: Random) {
    this.#upstream = upstream;
    const { host, port, tls } = upstream;
    const name = host.includes(':') ? `[${host}]` : host;
    this.#host = port === (tls ? 443 : 80) ? name : `${name}:${port}`;
    this.toxics = new HttpToxicSet(random);
    this.#server.on('connection', (client: Socket) => this.#adopt(client));
    this.#server.on('request', (request, response) => {
      try {
        this.#handle(request, response);
      } catch {
        // No message may end the process of the proxy: the client sees a connection that breaks off.
        request.socket.resetAndDestroy();
      }
    });
  }

  /** Listens on a free port of the loopback device, which it returns. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.toxics.clear();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const client of this.#clients) client.destroy();
    await closed;
  }

  // One connection to the upstream for each of a client: it ends when that ends, as without us.
  #adopt(client: Socket): void {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    agent.createConnection = () => {
      const upstream = this.#dial();
      // A client learns of the end as it would without us.
      upstream.once('close', (failed: boolean) => (failed ? client.resetAndDestroy() : client.destroySoon()));
      return upstream;
    };
    this.#agents.set(client, agent);
    this.#clients.add(client);
    client.once('close', () => {
      this.#clients.delete(client);
      agent.destroy();
    });
  }

  #dial(): Socket {
    const { host, port, tls } = this.#upstream;
    if (!tls) return connect({ host, port, noDelay: true });
    return connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }) });
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { method = 'GET', url: target = '', httpVersion: version, rawHeaders } = request;
    response.sendDate = false;
    const read = readRequest({ method, target, version, fields: rawHeaders }, this.#host);
    if ('refused' in read) return refuse(response, read.refused);
    const chosen = this.toxics.choose(target);
    if (answerInstead(response, chosen)) return void request.resume();
    const asked = this.#ask(request, read.fields);
    if (asked === undefined) return refuse(response, 'a field that cannot be passed on');
    const breakOff = (): void => void request.socket.resetAndDestroy();
    asked.on('error', breakOff);
    asked.on('response', (answer) => {
      // An answer that breaks off must not look whole.
      answer.on('error', breakOff);
      try {
        passAnswer(answer, response, chosen);
      } catch {
        // A field of it cannot be passed on.
        answer.destroy();
        breakOff();
      }
    });
    response.on('close', () => {
      if (!response.writableFinished) asked.destroy();
    });
    if (read.hasBody) request.pipe(asked);
    else asked.end();
  }

  // Node writes no field that its parser would not read.
  #ask({ method, url: path, socket }: IncomingMessage, fields: readonly string[]): ClientRequest | undefined {
    try {
      return httpRequest({ method, path, headers: fields, agent: this.#agents.get(socket) });
    } catch {
      return undefined;
    }
  }
}

function refuse(response: ServerResponse, why: string): void {
  response.writeHead(400, { Connection: 'close', 'Content-Type': 'text/plain' });
  response.end(`refused: ${why}\n`);
}
