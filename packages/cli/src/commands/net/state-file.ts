import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { listPrivateFolder, privateFolder, readPrivateFile } from '@chaos/env/private';
import { EnvironmentError, replaceFile, type Journal } from '@chaos/spec';
import type { RestoreData } from '@chaos/net-tc';

/** Saved state of a device. The executor is never saved: `net up` acts on this machine. */
type DeviceState = Omit<RestoreData, 'executor'>;

const EXTENSION = '.json';

/** A journal that keeps one recipe per device, in a file that `net down` can find. */
export function stateFileJournal(device: string): Journal {
  return {
    record(recipe) {
      const file = fileOf(privateFolder(stateFolder(), hint()), device);
      const { snapshot, namespace } = (recipe.kind === 'call' ? recipe.data : {}) as unknown as DeviceState;
      replaceFile(file, JSON.stringify({ device, snapshot, namespace } satisfies DeviceState));
      return { settle: () => rmSync(file, { force: true }) };
    },
  };
}

/**
 * Devices that `net up` broke, with their original state.
 *
 * @throws EnvironmentError where the folder or a file in it may belong to another user, or cannot be read
 */
export function readStateFiles(): ReadonlyMap<string, DeviceState> {
  const folder = stateFolder();
  const names = listPrivateFolder(folder, hint()).filter((name) => name.endsWith(EXTENSION));
  return new Map(names.map((name) => [name.slice(0, -EXTENSION.length), readState(join(folder, name))]));
}

/** Forgets a device. */
export function removeStateFile(device: string): void {
  const folder = stateFolder();
  if (listPrivateFolder(folder, hint()).includes(device + EXTENSION)) rmSync(fileOf(folder, device), { force: true });
}

function readState(file: string): DeviceState {
  const text = readPrivateFile(file);
  try {
    const { device, snapshot, namespace } = JSON.parse(text) as DeviceState;
    return { device, snapshot, namespace };
  } catch (cause) {
    throw new EnvironmentError(`Cannot read ${file}: ${(cause as Error).message}`, {
      cause,
      hint: `Remove it, then run: chaos net down --device <name>`,
    });
  }
}

// The file must not outlive the kernel whose devices it describes, and /run does not.
function stateFolder(): string {
  if (process.geteuid?.() === 0) return '/run/chaos-net';
  return join(process.env['XDG_RUNTIME_DIR'] || '/tmp', `chaos-net-${process.geteuid?.() ?? 0}`);
}

function fileOf(folder: string, device: string): string {
  return join(folder, device + EXTENSION);
}

function hint(): string {
  return `Remove ${stateFolder()}, or set XDG_RUNTIME_DIR to a folder of your own.`;
}
