import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { commandThrough, type Executor } from './executors/executor.js';

/** A Kubernetes API that the real `kubectl` speaks to. */
export interface KubeApi extends AsyncDisposable {
  /** For `KUBECONFIG`. */
  readonly address: string;
  /** The vectors that arrived, in their order. */
  readonly commands: readonly (readonly string[])[];
}

const WEBSOCKET = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const [BINARY, CLOSE, PING, PONG] = [0x82, 0x88, 0x89, 0x8a] as const;
const [STDIN, STDOUT, STDERR, STATUS, ENDED] = [0, 1, 2, 3, 255] as const;

/**
 * As much of the API as `kubectl exec` needs (remotecommand, v5.channel.k8s.io over WebSocket); its one pod is wherever
 * `inside` runs.
 */
export async function openKubeApi(namespace: string, pod: string, inside: Executor): Promise<KubeApi> {
  const folder = mkdtempSync('/tmp/net-tc-kube-');
  const commands: string[][] = [];
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}`;
  const answers: Readonly<Record<string, object>> = {
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
    '/api/v1': {
      kind: 'APIResourceList',
      groupVersion: 'v1',
      resources: [{ name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: ['get'] }],
    },
    [path]: {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name: pod, namespace },
      spec: { containers: [{ name: 'main', image: 'x' }] },
      status: { phase: 'Running' },
    },
  };
  const server: Server = createServer((request, response) => {
    const found = answers[(request.url ?? '').split('?')[0] ?? ''];
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(
      JSON.stringify(
        found ?? {
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          reason: 'NotFound',
          message: `no ${request.url}`,
          code: 404,
        },
      ),
    );
  });
  server.on('upgrade', (request, stream, head: Buffer) => {
    const socket = stream as Socket;
    const argv = new URL(request.url ?? '', 'http://x').searchParams.getAll('command');
    commands.push(argv);
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${WEBSOCKET}`).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n`,
    );
    const [program, ...words] = commandThrough(inside, argv as [string, ...string[]]);
    const child = spawn(program, words, { stdio: 'pipe' });
    child.stdin.on('error', () => {});
    socket.on('error', () => child.kill());
    for (const [channel, output] of [
      [STDOUT, child.stdout],
      [STDERR, child.stderr],
    ] as const)
      output.on('data', (data: Buffer) => socket.write(frame(BINARY, Buffer.from([channel]), data)));
    child.on('close', (code) => {
      const status =
        code === 0
          ? { status: 'Success' }
          : {
              status: 'Failure',
              reason: 'NonZeroExitCode',
              message: `exit code ${code}`,
              details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
            };
      socket.write(frame(BINARY, Buffer.from([STATUS]), Buffer.from(JSON.stringify({ metadata: {}, ...status }))));
      socket.end(frame(CLOSE, Buffer.from([3, 232])));
    });
    let rest = head;
    const read = (data: Buffer): void => {
      rest = Buffer.concat([rest, data]);
      for (let next = unframe(rest); next; next = unframe(rest)) {
        rest = rest.subarray(next.length);
        const [channel, ended] = next.payload;
        if (next.kind === PING) socket.write(frame(PONG, next.payload));
        else if (next.kind === BINARY && channel === STDIN) child.stdin.write(next.payload.subarray(1));
        else if (next.kind === CLOSE || (channel === ENDED && ended === STDIN)) child.stdin.end();
      }
    };
    read(Buffer.alloc(0));
    socket.on('data', read).on('end', () => child.stdin.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const config = `${folder}/config`;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(
    config,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'test', cluster: { server: url } }],
      users: [{ name: 'test', user: {} }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      'current-context': 'test',
    }),
  );
  return {
    address: config,
    commands,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

// RFC 6455, section 5.2: what a server sends is not masked, what a client sends is.
function frame(kind: number, ...parts: readonly Buffer[]): Buffer {
  const payload = Buffer.concat(parts);
  const head =
    payload.length < 126 ? Buffer.from([kind, payload.length]) : Buffer.from([kind, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  if (payload.length >= 126) head.writeUInt32BE(payload.length, 6);
  return Buffer.concat([head, payload]);
}

function unframe(
  data: Buffer,
): { readonly kind: number; readonly payload: Buffer; readonly length: number } | undefined {
  if (data.length < 2) return undefined;
  const short = data.readUInt8(1) & 0x7f;
  const at = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (data.length < at + 4) return undefined;
  const size = short === 126 ? data.readUInt16BE(2) : short === 127 ? data.readUInt32BE(6) : short;
  if (data.length < at + 4 + size) return undefined;
  const mask = data.subarray(at, at + 4);
  const payload = Buffer.from(data.subarray(at + 4, at + 4 + size).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return { kind: data.readUInt8(0), payload, length: at + 4 + size };
}
