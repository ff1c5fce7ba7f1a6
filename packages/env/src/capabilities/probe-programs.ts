import { existsSync } from 'node:fs';
import type { Attempt } from './attempt.js';
import { missing, present, type Capability } from './capability.js';
import { readText } from '../read-text.js';

/** Checks that the effective user is root. */
export function probeRoot(): Capability {
  const uid = process.geteuid?.();
  return uid === 0
    ? present('the effective user id is 0')
    : missing(
        `the effective user id is ${uid}`,
        'Run as root (sudo). Little needs it: most faults work in a user namespace.',
      );
}

/** Checks that the kernel reports pressure stall information. */
export function probePsi(): Capability {
  // The file may exist but refuse to be read (psi=0).
  return readText('/proc/pressure/cpu')?.startsWith('some ') === true
    ? present('/proc/pressure/cpu was read')
    : missing('/proc/pressure/cpu cannot be read', 'Boot with psi=1, on a kernel with CONFIG_PSI (4.20 or later).');
}

/** Checks that children can be made to die with their parent. */
export async function probeSetpriv(attempt: Attempt): Promise<Capability> {
  const result = await attempt(['setpriv', '--pdeathsig', 'KILL', 'true']);
  return result.ok
    ? present('tried: setpriv --pdeathsig KILL true')
    : missing(result.failure, 'Install util-linux 2.33 or later (apt-get install util-linux).');
}

/** Checks for a Redis or Valkey server on PATH, or apt to download one. */
export async function probeRedis(attempt: Attempt): Promise<Capability> {
  const [redis, valkey] = await Promise.all([
    attempt(['redis-server', '--version']),
    attempt(['valkey-server', '--version']),
  ]);
  if (redis.ok) return present(`on PATH: ${redis.stdout.trim()}`);
  if (valkey.ok) return present(`on PATH: ${valkey.stdout.trim()}`);
  if (await canDownload(attempt))
    return present(
      'neither redis-server nor valkey-server is on PATH; the Debian package can be fetched with apt when it is first needed',
    );
  return missing(
    `${redis.failure}, ${valkey.failure}, and apt-get cannot fetch it`,
    'Install Redis or Valkey, or set services.redis.url.',
  );
}

/** Checks that a tracer can change the system calls of a child, or that apt has one. */
export async function probeStrace(attempt: Attempt): Promise<Capability> {
  const fix = 'Install strace (apt-get install strace), and allow a process to trace others of its user.';
  const result = await attempt([
    'strace',
    '-f',
    '-qq',
    '-e',
    'trace=chdir',
    '-e',
    'inject=chdir:error=ENOSPC',
    'env',
    '-C',
    '/',
    'true',
  ]);
  if (/No space left/.test(result.failure)) return present('tried: strace made a system call of a child fail');
  if (result.missing !== 'strace' || !(await canDownload(attempt)))
    return missing(result.failure || 'strace changed nothing', fix);
  return present('its Debian package is fetched into the cache, with apt, when a test needs it');
}

async function canDownload(attempt: Attempt): Promise<boolean> {
  const [apt, unpack] = await Promise.all([attempt(['apt-get', '--version']), attempt(['dpkg-deb', '--version'])]);
  return apt.ok && unpack.ok;
}

const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu', 'arm-linux-gnueabihf'].map(
  (triplet) => `/usr/lib/${triplet}/faketime/libfaketimeMT.so.1`,
);
const YEAR_S = 365 * 86_400;

/** Checks that the clock of a child can be shifted: starts a child a year in the past and asks it for the time. */
export async function probeFaketime(attempt: Attempt): Promise<Capability> {
  const library = LIBRARIES.find((path) => existsSync(path));
  const result =
    library === undefined
      ? await attempt(['faketime', '-f', `-${YEAR_S}s`, 'date', '+%s'])
      : await attempt(['date', '+%s'], { LD_PRELOAD: library, FAKETIME: `-${YEAR_S}s` });
  const shiftS = Date.now() / 1000 - Number(result.stdout.trim());
  if (result.ok && Math.abs(shiftS - YEAR_S) < 3600)
    return present(`tried: a child saw the time of a year ago (${library ?? 'faketime'})`);
  if (library === undefined && result.missing === 'faketime' && (await canDownload(attempt)))
    return present('its Debian package is fetched into the cache, with apt, when a test needs it');
  return missing(
    result.ok ? `the child's clock was shifted by ${Math.round(shiftS)} s instead of ${YEAR_S} s` : result.failure,
    'apt-get install faketime',
  );
}
