import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';

const BIN = join(dirname(fileURLToPath(import.meta.url)), '../dist/bin.cjs');

/** Starts `chaos proxy …`; its output is collected in `said`. */
function proxy(...args: readonly string[]): {
  readonly child: ChildProcess;
  said(): string;
  readonly code: Promise<number>;
} {
  const child = spawn(process.execPath, [BIN, 'proxy', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
  return { child, said: () => text, code: once(child, 'close').then(([code]) => code as number) };
}

const started = /steered at (http:\S+) .*, 1 of them now\. Seed: mine/;

test.each(['SIGINT', 'SIGTERM'] as const)('serves the proxies of a file until %s', async (signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-proxy-'));
  const config = join(folder, 'toxiproxy.json');
  await writeFile(
    config,
    JSON.stringify([
      {
        name: 'db',
        listen: '127.0.0.1:0',
        upstream: '127.0.0.1:9',
        toxics: [{ type: 'latency', attributes: { latency: 5 } }],
      },
    ]),
  );
  const { child, said, code } = proxy('--port', '0', '--seed', 'mine', '--config', config);
  try {
    await vi.waitUntil(() => started.test(said()), { timeout: 10_000 });
    const shown = (await (await fetch(`${started.exec(said())?.[1] as string}/proxies`)).json()) as {
      db: { enabled: boolean; toxics: { name: string }[] };
    };
    expect([shown.db.enabled, shown.db.toxics[0]?.name]).toEqual([true, 'latency_downstream']);
  } finally {
    child.kill(signal);
    await rm(folder, { recursive: true });
  }
  expect(await code).toBe(0);
});

test.each([
  [['--port', '70000'], 2, '--port is "70000"'],
  [['--port', '0', '--config', '/nowhere.json'], 2, 'Cannot read --config /nowhere.json'],
  [['--port', '0', '--host', '192.0.2.1'], 3, 'Cannot listen on 192.0.2.1:0: EADDRNOTAVAIL'],
] as const)('says what is wrong: %j', async (args, expected, message) => {
  const { code, said } = proxy(...args);
  expect([await code, said()]).toEqual([expected, expect.stringContaining(message)]);
});
