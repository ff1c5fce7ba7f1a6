import type { ProgramConfig, TargetConfig } from '@chaos/spec';
import type { Layer } from '../../sources/layer.js';
import { lookUp } from '../lookup.js';
import type { Recorder } from '../recorder.js';
import type { KnownService } from '../../schema/services.js';
import { resolveDriver } from './resolve-driver.js';
import { resolveProgram } from './resolve-program.js';

/** The program under test, or several of which it is the first. */
export function resolveTargets(
  layers: readonly Layer[],
  rootDir: string,
  recorder: Recorder,
  services: readonly KnownService[],
): {
  readonly target: TargetConfig;
  readonly targets: Readonly<Record<string, ProgramConfig>>;
  readonly problems: readonly string[];
} {
  const names = services.filter(({ isTarget }) => isTarget).map(({ name }) => name);
  const places = names.length === 0 ? ['target'] : names.map((name) => `targets.${name}`);
  const { driver, problems: driverProblems } = resolveDriver(recorder, rootDir);
  const sources = { layers, rootDir, recorder, services, driver };
  const resolved = places.map((place) => ({ place, ...resolveProgram(sources, place) }));
  const all = services.map(({ name }) => name);
  const used = new Set(resolved.flatMap(({ program }) => program.services));
  const [{ program: first }] = resolved as [(typeof resolved)[number]];
  const { reaches: _, ...target } = first;
  const found = [...resolved.flatMap((each) => each.problems), ...driverProblems];
  const problems = [...new Set(found), ...unused(layers, services, used)];
  const withoutCommand = resolved.filter(
    ({ place, program }) => place !== 'target' && program.command === undefined && program.external === undefined,
  );
  for (const { place } of withoutCommand) problems.push(`Cannot use ${place}: it has no command, and is not external`);
  return {
    target: { ...target, services: all.filter((name) => used.has(name)) },
    targets: Object.fromEntries(
      names.map((name, index) => {
        const replicas = recorder.take<number>(`targets.${name}.replicas`);
        return [name, { ...(resolved[index] as (typeof resolved)[number]).program, replicas }];
      }),
    ),
    problems,
  };
}

// Nothing leads a program to a dependency that none of its texts name.
function unused(
  layers: readonly Layer[],
  services: readonly KnownService[],
  used: ReadonlySet<string>,
): readonly string[] {
  return services
    .filter(({ name, speaks }) => speaks !== undefined && !used.has(name))
    .map(({ name }) => {
      const found = lookUp<unknown>(layers, ['dependencies', name]);
      return `${found?.provenance.source}: Cannot use dependencies.${name}: nothing leads the target to it; set its env to the variable that the program reads, or use {${name}.url}, {${name}.host} or {${name}.port} in target.env`;
    });
}
