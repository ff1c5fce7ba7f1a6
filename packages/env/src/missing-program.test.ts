import { expect, test } from 'vitest';
import { missingProgram, packageOf } from './missing-program.js';

test.each([
  ['sh: 1: nft: not found', 'nft'],
  ['/bin/sh: nft: not found', 'nft'],
  ['sh: 1: exec: nft: not found', 'nft'],
  ['bash: line 1: nft: command not found', 'nft'],
  ['sh: line 1: tc: Permission denied', 'tc'],
  ['zsh:1: command not found: nft', 'nft'],
  ['unshare: failed to execute nft: No such file or directory', 'nft'],
  ['nsenter: failed to execute tc: No such file or directory', 'tc'],
  ['env: ‘nft’: No such file or directory', 'nft'],
  ["timeout: failed to run command 'tc': No such file or directory", 'tc'],
  ['exec of "tc" failed: No such file or directory', 'tc'],
  [
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "tc": executable file not found in $PATH: unknown',
    'tc',
  ],
  ['Warning: one line before\nsh: 1: /opt/nft: not found\ncommand terminated with exit code 127', '/opt/nft'],
  ['Error: Specified qdisc kind is unknown.', undefined],
  ['Cannot find device "eth7"', undefined],
  ['RTNETLINK answers: No such file or directory', undefined],
  ['Error: qdisc not found', undefined],
  ['', undefined],
])('%s', (stderr, name) => {
  expect(missingProgram(stderr)).toBe(name);
});

test('names the package of a program', () => {
  expect(['nft', '/usr/sbin/tc', 'unshare', 'docker'].map(packageOf)).toEqual([
    'nftables',
    'iproute2',
    'util-linux',
    'docker',
  ]);
});
