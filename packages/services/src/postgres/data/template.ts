import { createHash } from 'node:crypto';
import { appendFile, chown, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { buildOnce, runCommand, type ServiceAccount } from '@chaos/programs';
import { nameHint, withName } from '../../process/with-name.js';

/**
 * fsync is off because we kill processes, not the operating system: data written before a SIGKILL stays in the page
 * cache. A commit still writes WAL before it answers, so a crash loses no acknowledged transaction.
 */
const SETTINGS = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
min_wal_size = '4MB'
max_wal_size = '128MB'
shared_buffers = '16MB'
# Nothing of ours in /dev/shm: what a killed server leaves is in its data folder.
dynamic_shared_memory_type = mmap
io_method = sync
update_process_title = off
log_timezone = 'UTC'
timezone = 'UTC'
`;

/**
 * Every connection needs a password: a superuser can run programs (`COPY … FROM PROGRAM`), so anyone who could connect
 * would act as the server's user. Each server gets its own password, see `set-password.ts`.
 */
const ACCESS = `
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
`;

// One statement per line. Removing unused objects saves 600 files that every slot would have to copy.
const DATABASES = [
  'CREATE DATABASE app',
  `UPDATE pg_database SET datistemplate = false WHERE datname = 'template0'`,
  'DROP DATABASE template0',
  'DROP DATABASE postgres',
  '',
];

/** Options of {@link postgresTemplate}. */
export interface TemplateOptions {
  /** Folder with `bin`. */
  readonly installation: string;
  readonly cache: string;
  readonly account: ServiceAccount | undefined;
  readonly signal: AbortSignal;
}

/**
 * A data folder with the database `app`, owned by the service account and made once: `initdb` takes longer than
 * copying.
 */
export function postgresTemplate({ installation, cache, account, signal }: TemplateOptions): Promise<string> {
  const key = createHash('sha256')
    .update(SETTINGS + ACCESS + DATABASES.join())
    .digest('hex')
    .slice(0, 8);
  const owner = account?.uid ?? process.getuid?.() ?? 0;
  return buildOnce({
    directory: join(cache, `${basename(installation)}-template-${owner}-${key}`),
    signal,
    async build(temporary) {
      await mkdir(temporary, { mode: 0o700 });
      if (account !== undefined) await chown(temporary, account.uid, account.gid);
      const options = {
        what: 'create the PostgreSQL template',
        cwd: temporary,
        env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
        account,
        within: withName(),
        signal,
      };
      const bin = join(installation, 'bin');
      await runCommand(
        [
          join(bin, 'initdb'),
          '-D',
          temporary,
          '-U',
          'postgres',
          '--auth=trust',
          '--encoding=UTF8',
          '--locale=C',
          '--wal-segsize=1',
          '--no-sync',
          '--no-instructions',
        ],
        { ...options, hint: nameHint() },
      );
      await writeFile(join(temporary, 'pg_hba.conf'), ACCESS);
      await appendFile(join(temporary, 'postgresql.conf'), SETTINGS);
      await runCommand([join(bin, 'postgres'), '--single', '-D', temporary, 'template1'], {
        ...options,
        input: DATABASES.join('\n'),
      });
    },
  });
}
