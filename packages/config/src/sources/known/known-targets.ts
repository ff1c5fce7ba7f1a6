import type { Source } from '../layer.js';
import { describeProblem } from '../../problem.js';
import { isMap } from '../../raw-config.js';
import type { KnownService } from '../../schema/services.js';

const SINGLE = ['command', 'setup', 'cwd', 'env', 'ready', 'restart'] as const;

/**
 * The programs that `targets` of the sources names, as services that other programs reach. `taken` are names that a
 * program must not have. Sources come strongest first.
 */
export function knownTargets(
  sources: readonly Source[],
  taken: readonly string[],
): { readonly known: readonly KnownService[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const names = new Set<string>();
  const problem = (source: Source, path: readonly string[], what: string): void => {
    const value = source.raw(path);
    problems.push(describeProblem({ layer: source.place, path, value, what }));
  };
  for (const source of sources.toReversed()) {
    const named = source.raw(['targets']);
    for (const name of Object.keys(isMap(named) ? named : {})) {
      if (taken.includes(name))
        problem(
          source,
          ['targets', name],
          `the name ${name} is taken; a program must not be one of ${taken.join(', ')}`,
        );
      names.add(name);
    }
  }
  if (names.size > 0)
    for (const source of sources)
      for (const key of SINGLE)
        if (source.raw(['target', key]) !== undefined)
          problem(source, ['target', key], 'but with targets, target has nothing but driver and variants');
  const known = [...names].map((name): KnownService => ({
    name,
    title: name,
    protocols: {},
    own: false,
    hasUrl: false,
    isTarget: true,
  }));
  return { known, problems };
}
