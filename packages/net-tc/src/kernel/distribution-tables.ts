import type { Executor } from '../executors/executor.js';
import type { DeviceLayout } from '../plan/device-layout.js';
import { tableFile } from '../plan/commands/table-file.js';
import { runCommand, tryCommand } from './run-command.js';

/** Files with distributions of one's own, where tc reads them. */
export interface DistributionTables {
  write(layout: DeviceLayout, signal: AbortSignal): Promise<void>;
  remove(signal: AbortSignal): Promise<void>;
}

/** Keeps the files that a device's faults need; to be written before tc is told their names. */
export function distributionTables(executor: Executor): DistributionTables {
  const written = new Set<string>();
  return {
    async write({ egress, ingress }, signal) {
      for (const { shape } of [...egress.classes, ...ingress.classes]) {
        const distribution = shape.netem?.delay?.distribution;
        if (typeof distribution !== 'object' || written.has(tableFile(distribution.table).path)) continue;
        const { path, text } = tableFile(distribution.table);
        await runCommand(executor, { argv: ['tee', path], stdin: text }, signal);
        written.add(path);
      }
    },
    async remove(signal) {
      for (const path of written) await tryCommand(executor, { argv: ['rm', '-f', '--', path] }, signal);
      written.clear();
    },
  };
}
