import type { ProjectConfig } from '@chaos/spec';
import type { Lane } from './lanes.js';

/** The same lanes; units of projects with a worker limit count towards it. */
export function limitWorkers(lanes: readonly Lane[], projects: readonly ProjectConfig[]): Lane[] {
  const limits = new Map(
    projects.flatMap(({ name, workers }) => (workers === undefined ? [] : [[name, { name, workers }] as const])),
  );
  if (limits.size === 0) return [...lanes];
  return lanes.map((lane) => ({
    ...lane,
    units: lane.units.map((unit) => {
      const project = limits.get(unit.tests[0]?.project ?? '');
      return project ? { ...unit, claims: { ...unit.claims, project } } : unit;
    }),
  }));
}
