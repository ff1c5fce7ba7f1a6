import { spawnSync } from 'node:child_process';

/** A local user other than this one and the services' account; only root can act as one. */
const STRANGER = '65532';

/** True if this process can act as another user. */
export const canBeAnotherUser: boolean =
  process.getuid?.() === 0 && spawnSync('setpriv', ['--version'], { stdio: 'ignore' }).status === 0;

/** Sends bytes to a port of this machine as another user, and returns the first that come back, in latin1. */
export function askAsAnotherUser(port: number, bytes: Buffer): string {
  const script = `require('net').connect(${port}, '127.0.0.1', function () { this.write(Buffer.from('${bytes.toString('hex')}', 'hex')); }).once('data', (data) => { process.stdout.write(data.toString('latin1')); process.exit(); })`;
  const words = ['--reuid', STRANGER, '--regid', STRANGER, '--clear-groups', process.execPath, '-e', script];
  return spawnSync('setpriv', words, { cwd: '/', encoding: 'latin1', timeout: 20_000 }).stdout;
}

/** Every command line of this machine. */
export function commandLines(): string {
  return spawnSync('sh', ['-c', 'cat /proc/[0-9]*/cmdline 2>/dev/null'], { encoding: 'latin1', maxBuffer: 1 << 26 })
    .stdout;
}
