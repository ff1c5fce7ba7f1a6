import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const PACKAGE = 'chromium-headless-shell';

/**
 * Starts Chromium: the one of `CHAOS_CHROMIUM`, one on this machine, else Debian's package, unpacked into the cache
 * with what it needs. Nothing is installed.
 */
export async function startChromium(): Promise<Browser> {
  const found = [process.env['CHAOS_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-headless-shell'].find(
    (path) => path !== undefined && existsSync(path),
  );
  // No sandbox: it needs privileges that a container of CI does not have. The pages are ours.
  const args = ['--no-sandbox'];
  if (found !== undefined) return chromium.launch({ executablePath: found, args });
  const root = unpackedChromium();
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu');
  return chromium.launch({
    executablePath: join(root, 'usr/lib/chromium/chromium-headless-shell'),
    args,
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: [libraries, `${libraries}/pulseaudio`, `${root}/lib/x86_64-linux-gnu`].join(':'),
      FONTCONFIG_FILE: join(root, 'fonts.conf'),
    },
  });
}

function unpackedChromium(): string {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'chaos');
  const root = join(cache, 'chromium');
  if (existsSync(root)) return root;
  const unfinished = `${root}.${process.pid}`;
  const debs = join(unfinished, 'debs');
  mkdirSync(debs, { recursive: true });
  try {
    const apt = (...words: string[]): string => execFileSync('apt-get', words, { cwd: debs, encoding: 'utf8' });
    const plan = apt('install', '--simulate', '--no-install-recommends', PACKAGE, 'fonts-dejavu-core');
    apt('download', ...[...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name!));
    for (const deb of readdirSync(debs)) execFileSync('dpkg-deb', ['--extract', join(debs, deb), unfinished]);
    rmSync(debs, { recursive: true });
    writeFileSync(
      join(unfinished, 'fonts.conf'),
      `<fontconfig><dir>${root}/usr/share/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${root}/fonts</cachedir></fontconfig>`,
    );
    if (!existsSync(root)) renameSync(unfinished, root);
  } catch (cause) {
    throw new Error(`Cannot get ${PACKAGE}: set CHAOS_CHROMIUM to a Chromium of this machine`, { cause });
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return root;
}
