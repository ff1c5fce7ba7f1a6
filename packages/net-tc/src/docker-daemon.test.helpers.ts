import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { commandThrough, type Executor } from './executors/executor.js';

/** A daemon that the real `docker` speaks to. */
export interface DockerDaemon extends AsyncDisposable {
  /** For `DOCKER_HOST`. */
  readonly address: string;
  /** The vectors that arrived, in their order. */
  readonly commands: readonly (readonly string[])[];
}

/**
 * As much of Docker's Engine API (v1.41: exec, with its multiplexed stream) as `docker exec` needs; its one container
 * is wherever `inside` runs.
 */
export async function openDockerDaemon(container: string, inside: Executor): Promise<DockerDaemon> {
  const folder = mkdtempSync('/tmp/net-tc-docker-');
  const commands: string[][] = [];
  const codes: number[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/v[\d.]+/, '');
    const answer = (status: number, body: object): void =>
      void response
        .writeHead(status, { 'api-version': '1.41', ostype: 'linux', 'content-type': 'application/json' })
        .end(JSON.stringify(body));
    let text = '';
    request
      .setEncoding('utf8')
      .on('data', (part: string) => (text += part))
      .on('end', () => {
        if (path === `/containers/${container}/json`)
          return answer(200, { Id: container, State: { Running: true }, Config: { Tty: false } });
        if (path === `/containers/${container}/exec`)
          return answer(201, { Id: String(commands.push((JSON.parse(text) as { Cmd: string[] }).Cmd) - 1) });
        const [, id] = /^\/exec\/(\d+)\/json$/.exec(path) ?? [];
        if (id !== undefined) return answer(200, { ID: id, Running: false, ExitCode: codes[Number(id)] });
        return answer(path === '/_ping' ? 200 : 404, { message: `no such path: ${path}` });
      });
  });
  server.on('upgrade', (request, stream, head: Buffer) => {
    const socket = stream as Socket;
    const id = Number(/exec\/(\d+)\/start$/.exec(request.url ?? '')?.[1]);
    const [program, ...words] = commandThrough(inside, commands[id] as [string, ...string[]]);
    const child = spawn(program, words, { stdio: 'pipe' });
    socket.on('error', () => child.kill());
    child.stdin.on('error', () => {});
    socket.write(
      'HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n',
    );
    for (const [number, output] of [
      [1, child.stdout],
      [2, child.stderr],
    ] as const) {
      output.on('data', (data: Buffer) => {
        const frame = Buffer.alloc(8);
        frame.writeUInt8(number, 0);
        frame.writeUInt32BE(data.length, 4);
        socket.write(Buffer.concat([frame, data]));
      });
    }
    // Docker sends the options first; all bytes after them are the command's input.
    let options = Number(request.headers['content-length'] ?? 0);
    const enter = (data: Buffer): void => {
      const input = data.subarray(Math.min(options, data.length));
      options -= data.length - input.length;
      if (input.length > 0) child.stdin.write(input);
    };
    enter(head);
    socket.on('data', enter).on('end', () => child.stdin.end());
    child.on('close', (code) => {
      codes[id] = code ?? 1;
      socket.end();
    });
  });
  server.listen(`${folder}/docker.sock`);
  await once(server, 'listening');
  return {
    address: `unix://${folder}/docker.sock`,
    commands,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
