import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, join } from 'node:path';

/**
 * Programs that users may have installed and tests must not need: absent from PATH, and hidden if the stage runs as
 * root.
 */
const ABSENT = [
  'nft',
  'redis-server',
  'redis-cli',
  'postgres',
  'initdb',
  'psql',
  'haproxy',
  'sshd',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'faketime',
  'docker',
  'kubectl',
  'linux.uml',
  'pnpm',
  'pnpx',
  'yarn',
  'corepack',
];
const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
/** Variables that give access to the registry; all other variables stay outside. */
const KEPT =
  /^(LANG|TERM|TZ|CI|.*_proxy|npm_config_.*|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|CURL_CA_BUNDLE|GIT_SSL_CAINFO)$/i;
const USER = { name: 'chaos-ci', id: 47_110 };

/**
 * A fresh machine: programs of Debian's base, Node, npm and git as links in one folder, an empty HOME, an empty cache.
 * Nothing outside `folder` changes: the user exists, and other programs are hidden, only in the stage's own mount
 * namespace.
 */
export function bareMachine(folder) {
  chmodSync(folder, 0o755);
  const path = join(folder, 'bin');
  const linked = linkPrograms(path);
  const isRoot = process.getuid() === 0;
  const hides = isRoot && spawnSync('unshare', ['--mount', 'true']).status === 0;
  const env = (home) => ({
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => KEPT.test(name))),
    CI: 'true',
    TURBO_TELEMETRY_DISABLED: '1',
    PATH: path,
    HOME: home,
    USER: basename(home),
    LOGNAME: basename(home),
  });
  const newHome = (name) => {
    const home = join(folder, name);
    mkdirSync(home, { mode: 0o755 });
    for (const file of ['.npmrc'])
      if (existsSync(join(homedir(), file))) copyFileSync(join(homedir(), file), join(home, file));
    return home;
  };
  const enter = (argv) =>
    hides ? ['unshare', '--mount', '--propagation', 'slave', 'sh', join(folder, 'hide'), ...argv] : argv;
  if (hides) writeHiding(folder);
  const home = newHome('root');
  return {
    told: `${linked} programs on PATH, ${hides ? 'others hidden' : 'others are not hidden: that needs root'}`,
    noUser: 'it needs root, and mount namespaces',
    owner: (checkout) => ({ through: (argv) => ({ checkout, argv: enter(argv), env: env(home) }) }),
    user: hides ? ordinaryUser({ home: newHome(USER.name), env, enter }) : undefined,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function ordinaryUser({ home, env, enter }) {
  const checkout = join(home, 'chaos');
  let cloned = false;
  const { name, id } = USER;
  return {
    through(argv) {
      if (!cloned) {
        execFileSync('git', ['clone', '--quiet', '--no-hardlinks', process.cwd(), checkout]);
        execFileSync('chown', ['-R', `${id}:${id}`, home]);
        cloned = true;
      }
      const drop = ['setpriv', `--reuid=${id}`, `--regid=${id}`, '--clear-groups', '--no-new-privs'];
      return { checkout, argv: enter([...drop, ...argv]), env: { ...env(home), USER: name, LOGNAME: name } };
    },
  };
}

// Programs of the packages that every Debian has (required and important), except those that only some releases
// include: nft is important since bookworm, and many images lack it.
function linkPrograms(path) {
  mkdirSync(path);
  const packages = execFileSync('dpkg-query', ['-W', '-f', '${Package} ${Essential} ${Priority}\\n'], {
    encoding: 'utf8',
  })
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, essential, priority]) => essential === 'yes' || priority === 'required' || priority === 'important')
    .map(([name]) => name);
  const files = execFileSync('dpkg-query', ['-L', ...packages], { encoding: 'utf8', maxBuffer: 64 << 20 }).split('\n');
  const links = new Map();
  for (const file of files) if (/^(\/usr)?(\/local)?\/s?bin\/[^/]+$/.test(file)) links.set(basename(file), file);
  // Links that alternatives and the packages of shells create themselves, so dpkg does not list them.
  for (const name of [
    'sh',
    'awk',
    'which',
    'node',
    'npm',
    'npx',
    'git',
    'git-upload-pack',
    'git-receive-pack',
    'apt-get',
    'apt-cache',
  ])
    for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...FOLDERS].reverse())
      if (existsSync(join(folder, name))) links.set(name, realpathSync(join(folder, name)));
  links.set('node', process.execPath);
  let count = 0;
  for (const [name, file] of links) {
    if (ABSENT.includes(name) || !existsSync(file) || !(statSync(file).mode & 0o111)) continue;
    symlinkSync(file, join(path, name));
    count++;
  }
  return count;
}

// Runs in its own mount namespace, where hidden programs are files that cannot be run, and the user is added to copies
// of the account files.
function writeHiding(folder) {
  const { name, id } = USER;
  const home = join(folder, name);
  mkdirSync(join(folder, 'cache'));
  for (const [file, line] of [
    ['passwd', `${name}:x:${id}:${id}::${home}:/bin/sh`],
    ['group', `${name}:x:${id}:`],
  ])
    writeFileSync(join(folder, file), `${readFileSync(`/etc/${file}`, 'utf8').trimEnd()}\n${line}\n`);
  const hidden = FOLDERS.flatMap((place) => ABSENT.map((program) => join(place, program))).filter(existsSync);
  writeFileSync(
    join(folder, 'hide'),
    [
      ...hidden.map((file) => `mount --bind /dev/null '${realpathSync(file)}' 2>/dev/null || :`),
      `mount --bind '${join(folder, 'cache')}' /var/cache`,
      ...['passwd', 'group'].map((file) => `mount --bind '${join(folder, file)}' /etc/${file}`),
      'exec "$@"',
      '',
    ].join('\n'),
  );
}
