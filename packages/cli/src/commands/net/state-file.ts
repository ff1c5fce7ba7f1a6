import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Journal } from '@chaos/spec';
import type { RestoreData } from '@chaos/net-tc';

// What `net up` leaves for `net down`: it must not outlive the kernel that it is about, and /run does not.
const FOLDER =
  process.geteuid?.() === 0
    ? '/run/chaos-net'
    : join(process.env['XDG_RUNTIME_DIR'] ?? '/tmp', `chaos-net-${process.geteuid?.() ?? 0}`);

/** A journal that keeps one recipe per device where `net down` finds it. */
export function stateFileJournal(device: string): Journal {
  return {
    record(recipe) {
      mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
      const file = join(FOLDER, `${device}.json`);
      writeFileSync(file, JSON.stringify(recipe.kind === 'call' ? recipe.data : null), { mode: 0o600 });
      return { settle: () => rmSync(file, { force: true }) };
    },
  };
}

/** Devices that `net up` broke, with what makes them whole. */
export function readStateFiles(): ReadonlyMap<string, RestoreData> {
  try {
    return new Map(
      readdirSync(FOLDER).map((name) => [
        name.replace(/\.json$/, ''),
        JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as RestoreData,
      ]),
    );
  } catch {
    return new Map();
  }
}

/** Forgets a device. */
export function removeStateFile(device: string): void {
  rmSync(join(FOLDER, `${device}.json`), { force: true });
}
