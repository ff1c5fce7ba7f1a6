import { expect, test } from 'vitest';
import { EnvironmentError, UsageError } from './errors.js';
import { asMachineError, machineFix } from './machine-error.js';

const system = (code: string, more: object = {}): Error =>
  Object.assign(new Error(`${code}: it said`), { code, ...more });

test.each([
  [system('EMFILE'), 'ulimit -n'],
  [system('ENFILE'), 'fs.file-max'],
  [system('EAGAIN', { syscall: 'spawn /usr/bin/node' }), 'ulimit -u'],
  [system('ENOSPC'), 'disk is full'],
  [system('EROFS'), 'read-only'],
  [system('ENETUNREACH', { address: '127.0.0.1', port: 1 }), 'ip link set lo up'],
  [system('EADDRNOTAVAIL', { address: '127.0.0.1', port: 1 }), 'ip link set lo up'],
  [new TypeError('fetch failed', { cause: system('ENETUNREACH', { address: '127.0.0.1' }) }), 'ip link set lo up'],
  [new AggregateError([system('ECONNREFUSED'), system('EMFILE')], 'all'), 'ulimit -n'],
])('%s is the machine’s fault', (error, fix) => {
  const told = asMachineError(error);
  expect(told).toBeInstanceOf(EnvironmentError);
  expect(told).toMatchObject({ message: error.message, cause: error, hint: expect.stringContaining(fix) as unknown });
});

const cyclic = system('EOTHER');
cyclic.cause = cyclic;

test.each([
  system('ENOENT'),
  system('EAGAIN', { syscall: 'read' }),
  system('ECONNREFUSED', { address: '127.0.0.1' }),
  // Not ours to mend: the network of somebody else's server.
  system('ENETUNREACH', { address: '10.0.0.1' }),
  // A machine without IPv6 is in order.
  system('EADDRNOTAVAIL', { address: '::1' }),
  new UsageError('no such flag'),
  cyclic,
  'EMFILE',
  null,
])('%s is not', (error) => {
  expect(machineFix(error)).toBeUndefined();
  expect(asMachineError(error)).toBe(error);
});
