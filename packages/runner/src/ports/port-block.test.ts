import { createServer } from 'node:net';
import { once } from 'node:events';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSource, temporaryFolder } from '../processes/source-process.test.helper.js';
import { acquirePortBlock } from './port-block.js';
import { portRange } from './port-range.js';

const HOLDER = `
  import { acquirePortBlock } from './ports/port-block.js';
  const [directory, from, to] = process.argv.slice(2);
  acquirePortBlock({ directory, size: 5, range: { from: Number(from), to: Number(to) } }).then(({ from }) => console.log(from), (error) => console.log(error.code));
  setInterval(() => {}, 1000);
`;

async function listen(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

test(
  'processes that ask at once get blocks of their own, and one that dies leaves its block to the next',
  { timeout: 60_000 },
  async () => {
    const directory = temporaryFolder();
    const range = { from: 21_000, to: 21_024 };
    const holders = await Promise.all(
      Array.from({ length: 6 }, () => startSource(HOLDER, [directory, String(range.from), String(range.to)])),
    );
    const blocks = await Promise.all(holders.map((holder) => holder.line()));
    expect(blocks.sort()).toEqual(['21000', '21005', '21010', '21015', '21020', 'ENVIRONMENT']);
    expect(statSync(directory).mode & 0o7777).toBe(0o1777);

    await expect(acquirePortBlock({ directory, size: 5, range })).rejects.toMatchObject({
      code: 'ENVIRONMENT',
      message: expect.stringMatching(/no block in 21000-21024 is free, held by chaos process \d+/),
    });
    for (const holder of holders) {
      holder.child.kill('SIGKILL');
      await holder.exit;
    }
    await using block = await acquirePortBlock({ directory, size: 5, range });
    expect(block.from).toBe(21_000);
  },
);

test('a lock that cannot be read is taken over', async () => {
  const directory = temporaryFolder();
  writeFileSync(join(directory, '21100'), '{"pid":');
  await using block = await acquirePortBlock({ directory, size: 5, range: { from: 21_100, to: 21_104 } });
  expect(block.to).toBe(21_104);
});

test('a purpose keeps its port while it can be had, and gets another when a stranger took it', async () => {
  const directory = temporaryFolder();
  const block = await acquirePortBlock({ directory, size: 3, range: { from: 21_200, to: 21_202 } });
  expect(await Promise.all([block.take('postgres'), block.take('redis')])).toEqual([21_200, 21_201]);
  expect(await block.take('postgres')).toBe(21_200);
  await listen(21_200);
  expect(await block.take('postgres')).toBe(21_202);
  await listen(21_202);
  await expect(block.take('jwks')).rejects.toMatchObject({
    code: 'ENVIRONMENT',
    message: expect.stringContaining('21200-21202'),
  });
  block.release();
  block.release();
  expect(readdirSync(directory)).toEqual([]);
});

test('who needs more ports than a block has gets further blocks, and gives all of them back', async () => {
  const directory = temporaryFolder();
  const range = { from: 21_400, to: 21_408 };
  const block = await acquirePortBlock({ directory, size: 3, range });
  await using other = await acquirePortBlock({ directory, size: 3, range });
  expect(other.from).toBe(21_403);
  const purposes = Array.from({ length: 6 }, (_, index) => `link ${index}`);
  const ports = await Promise.all(purposes.map((purpose) => block.take(purpose)));
  expect(ports.toSorted((a, b) => a - b)).toEqual([21_400, 21_401, 21_402, 21_406, 21_407, 21_408]);
  expect(await Promise.all(purposes.map((purpose) => block.take(purpose)))).toEqual(ports);
  await expect(block.take('one more')).rejects.toMatchObject({
    code: 'ENVIRONMENT',
    message: expect.stringMatching(
      /^Cannot find a port for one more: all of 21400-21402 and 21406-21408 are in use \(.*\), and no more can be reserved: .*no block in 21400-21408 is free/,
    ),
  });
  block.release();
  expect(readdirSync(directory)).toEqual(['21403']);
});

test('a port that fetch refuses is never given out', async () => {
  const range = { from: 10_079, to: 10_081 };
  await using block = await acquirePortBlock({ directory: temporaryFolder(), size: 3, range });
  expect([await block.take('jwks'), await block.take('target')]).toEqual([10_079, 10_081]);
});

test('a stranger on the ports is named', async () => {
  await listen(21_301);
  await expect(
    acquirePortBlock({ directory: temporaryFolder(), size: 5, range: { from: 21_300, to: 21_304 } }),
  ).rejects.toMatchObject({
    message: expect.stringMatching(new RegExp(`21300-21304 is free, held by ${process.pid} .*on port 21301`)),
  });
});

test('the range keeps out of the ports that the kernel gives away', () => {
  expect(portRange({ from: 32_768, to: 60_999 })).toEqual({ from: 10_000, to: 32_767 });
  expect(portRange({ from: 1_024, to: 60_999 })).toEqual({ from: 61_000, to: 65_535 });
  expect(portRange({ from: 1_024, to: 65_535 })).toEqual({ from: 10_000, to: 32_767 });
});
