import type { ProgramConfig, ResolvedConfig } from '@chaos/spec';

/** A program under test and its copies. */
export interface Program {
  /** Its end of links: `target` for a single one. */
  readonly name: string;
  readonly settings: Omit<ProgramConfig, 'replicas'>;
  /** Slot fixtures of its copies, in the order of their start: `api`, `api.2`. */
  readonly instances: readonly string[];
}

/** The programs under test, in the order of their start. */
export function programsOf({ target, targets }: Pick<ResolvedConfig, 'target' | 'targets'>): readonly Program[] {
  const several = Object.entries(targets).map(([name, settings]) => ({
    name,
    settings,
    instances: Array.from({ length: settings.replicas }, (_, index) => (index === 0 ? name : `${name}.${index + 1}`)),
  }));
  return several.length > 0
    ? several
    : [{ name: 'target', settings: { ...target, reaches: [] }, instances: ['target'] }];
}

/** The program of a slot fixture. */
export function programOf(config: Pick<ResolvedConfig, 'target' | 'targets'>, instance: string): Program {
  const found = programsOf(config).find(({ instances }) => instances.includes(instance));
  if (!found) throw new TypeError(`Cannot start ${instance}: no program under test has this name`);
  return found;
}

/** Purpose under which the port of a copy of a program is reserved. */
export function portPurpose(instance: string): string {
  return instance === 'target' ? 'target' : `target ${instance}`;
}

/** Key of a link among those of a slot. */
export function linkKey(from: string, to: string): string {
  return `${from}→${to}`;
}
