import { connect } from 'node:net';

/** Operations on a Memcached, reached without its link; values are text. */
export interface Cache {
  version(signal: AbortSignal): Promise<string>;
  get(key: string, signal: AbortSignal): Promise<string | undefined>;
  set(key: string, value: string, signal: AbortSignal): Promise<void>;
  flush(signal: AbortSignal): Promise<void>;
  /** All that is cached. */
  dump(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
}

const LINE = /\r\n$/;
const END = /(?:^|\n)(?:END|(?:CLIENT_|SERVER_)?ERROR[^\r\n]*|BUSY[^\r\n]*)\r\n$/;

/** Speaks the text protocol, a connection for each command. */
export function createCache(port: number): Cache {
  const ask = (command: string, whole: RegExp, signal: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const socket = connect(port, '127.0.0.1');
      let answer = '';
      const abort = (): void => void socket.destroy(signal.reason as Error);
      signal.addEventListener('abort', abort);
      socket.on('data', (data) => {
        answer += data.toString('latin1');
        if (!whole.test(answer)) return;
        resolve(answer);
        socket.destroy();
      });
      socket.on('error', reject);
      socket.on('close', () => {
        signal.removeEventListener('abort', abort);
        reject(new Error(`Memcached hung up after ${JSON.stringify(answer)}`));
      });
      socket.write(command, 'latin1');
    });
  const expect = async (wanted: string, command: string, signal: AbortSignal): Promise<void> => {
    const answer = await ask(command, LINE, signal);
    if (answer !== `${wanted}\r\n`)
      throw new Error(`Memcached answered ${JSON.stringify(answer)} to ${JSON.stringify(command)}`);
  };
  const get = async (key: string, signal: AbortSignal): Promise<string | undefined> => {
    const answer = await ask(`get ${key}\r\n`, END, signal);
    const bytes = /^VALUE \S+ \d+ (\d+)\r\n/.exec(answer);
    if (!bytes) return undefined;
    return Buffer.from(answer.slice(bytes[0].length).slice(0, Number(bytes[1])), 'latin1').toString();
  };

  return {
    version: (signal) => ask('version\r\n', LINE, signal),
    get,
    set: (key, value, signal) => {
      const data = Buffer.from(value).toString('latin1');
      return expect('STORED', `set ${key} 0 0 ${data.length}\r\n${data}\r\n`, signal);
    },
    flush: (signal) => expect('OK', 'flush_all\r\n', signal),
    async dump(signal) {
      const answer = await ask('lru_crawler metadump all\r\n', END, signal);
      const keys = [...answer.matchAll(/^key=(\S+)/gm)].map(([, key = '']) => decodeURIComponent(key));
      const entries = await Promise.all(keys.map(async (key) => [key, await get(key, signal)] as const));
      return new Map(entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
    },
  };
}
