import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Everything that takes part is a process of its own: a server, haproxy, our proxy, a client.

const children = new Set();
const keep = (child) => (children.add(child), child.once('exit', () => children.delete(child)), child);
// Nothing is left when the bench is ended early.
process
  .on('exit', () => children.forEach((child) => child.kill()))
  .on('SIGINT', () => process.exit(130))
  .on('SIGTERM', () => process.exit(143));

export const haproxyVersion = spawnSync('haproxy', ['-v'], { encoding: 'utf8' }).stdout?.match(/version (\S+)/)?.[1];

/** Not packaged in Debian; measured only on machines that have it. */
export const toxiproxyVersion = spawnSync('toxiproxy-server', ['-version'], { encoding: 'utf8' }).stdout?.match(
  /version (\S+)/,
)?.[1];

/** Starts a script of this folder; `ask` sends it a message and waits for the answer. */
export async function start(script, { limit } = {}) {
  const path = join(import.meta.dirname, script);
  // The limit of descriptors is the process's own.
  const child =
    limit === undefined
      ? fork(path, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      : spawn('sh', ['-c', `ulimit -n ${limit}; exec "$0" "$1"`, process.execPath, path], {
          stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
        });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => (stderr += text));
  keep(child).setMaxListeners(0);
  const ask = async (message) => {
    child.send(message);
    const [answer] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`${script} ended with ${code}: ${stderr}`))),
    ]);
    if (answer.error) throw new Error(answer.error);
    return answer;
  };
  return {
    pid: child.pid,
    ask,
    stderr: () => stderr,
    stop: () => void (child.connected && child.disconnect(), child.kill()),
  };
}

export async function startHaproxy(upstreamPort) {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-bench-'));
  const port = await freePort();
  const config = join(folder, 'haproxy.cfg');
  writeFileSync(
    config,
    [
      'global',
      ' nbthread 1',
      ' maxconn 9000',
      'defaults',
      ' mode tcp',
      ' timeout connect 5s',
      ' timeout client 1h',
      ' timeout server 1h',
      'listen bench',
      ` bind 127.0.0.1:${port}`,
      ` server one 127.0.0.1:${upstreamPort}`,
      '',
    ].join('\n'),
  );
  const child = keep(spawn('haproxy', ['-f', config], { stdio: 'ignore' }));
  await Promise.race([
    untilListening(port),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`haproxy ended with ${code}`))),
  ]);
  return { pid: child.pid, port, stop: () => void (child.kill(), rmSync(folder, { recursive: true })) };
}

export async function startToxiproxy(upstreamPort) {
  const [port, listen] = [await freePort(), await freePort()];
  const child = keep(spawn('toxiproxy-server', ['-host', '127.0.0.1', '-port', String(port)], { stdio: 'ignore' }));
  await untilListening(port);
  const body = JSON.stringify({ name: 'bench', listen: `127.0.0.1:${listen}`, upstream: `127.0.0.1:${upstreamPort}` });
  const { status } = await fetch(`http://127.0.0.1:${port}/proxies`, { method: 'POST', body });
  if (status !== 201) throw new Error(`toxiproxy answered ${status}`);
  return { pid: child.pid, port: listen, stop: () => child.kill() };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(port) {
  const { connect } = await import('node:net');
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const up = await new Promise((resolve) =>
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false)),
    );
    socket.destroy();
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const status = (pid, field) =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
export const residentMb = (pid) => status(pid, 'VmRSS');
/** Peak memory since {@link forgetPeak}. */
export const peakMb = (pid) => status(pid, 'VmHWM');
export const forgetPeak = (pid) => writeFileSync(`/proc/${pid}/clear_refs`, '5');

/** User and system time in seconds. */
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
