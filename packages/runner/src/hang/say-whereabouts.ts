import { relative } from 'node:path';
import type { Location } from '@chaos/spec';
import type { Whereabouts } from '../ipc/messages.js';

/** Describes a worker's activity line by line, for people; paths are relative to `rootDir`. */
export function sayWhereabouts({ phase, steps, waits, resources }: Whereabouts, rootDir: string): readonly string[] {
  const at = (location: Location | undefined): string =>
    location ? `  ${relative(rootDir, location.file)}:${location.line}:${location.column}` : '';
  const open = Object.entries(resources).map(([name, count]) => `${count} ${name}`);
  return [
    ...(phase ? [`${phase.name} for ${seconds(phase.forMs)}${at(phase.location)}`] : []),
    ...steps.map(({ title, forMs }) => `step "${title}" for ${seconds(forMs)}`),
    ...waits.map(({ what, forMs, location }) => `waits for ${what} for ${seconds(forMs)}${at(location)}`),
    ...(open.length > 0 ? [`open: ${open.join(', ')}`] : []),
  ];
}

/** `1.2s` */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`;
}
