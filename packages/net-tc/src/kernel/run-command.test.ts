import { expect, test } from 'vitest';
import type { Executor } from '../executors/executor.js';
import { attemptThrough } from './attempt-through.js';
import { runCommand } from './run-command.js';

const { signal } = new AbortController();
const through = (prefix: readonly string[], throughShell = false): Executor => ({
  name: 'there',
  prefix,
  throughShell,
});

test('names the program of a chain that was not found, not the first one', async () => {
  const chain = ['sh', '-c', 'nosuchprogram "$@"', 'sh'];
  await expect(runCommand(through(chain), { argv: ['tc', 'qdisc', 'show'] }, signal)).rejects.toMatchObject({
    name: 'CapabilityMissing',
    message: expect.stringContaining('nosuchprogram: it is not installed') as unknown,
    hint: 'apt-get install nosuchprogram',
  });
  const there = await attemptThrough(through([]), signal)(['sh', '-c', 'env nosuchprogram']);
  expect(there).toMatchObject({ ok: false, missing: 'nosuchprogram', failure: 'nosuchprogram is not installed' });
});

test('names the program on the way that is not here', async () => {
  await expect(runCommand(through(['nosuchssh', 'host']), { argv: ['tc'] }, signal)).rejects.toThrow(
    'nosuchssh: it is not installed',
  );
});

test('says what it knows where a chain ends with 127 without a word', async () => {
  await expect(runCommand(through(['sh', '-c', 'exit 127']), { argv: ['nft', 'list'] }, signal)).rejects.toMatchObject({
    name: 'CapabilityMissing',
    message: expect.stringContaining(
      'nft list ended with 127: it, or a program that runs it, was not found',
    ) as unknown,
    hint: 'Look there for nft (apt-get install nftables).',
  });
  const { missing, failure } = await attemptThrough(through([]), signal)(['sh', '-c', 'exit 127']);
  expect(missing).toBeUndefined();
  expect(failure).not.toContain('not installed');
});
