import type { Source } from '../layer.js';
import { describeProblem } from '../../problem.js';
import { isMap, valueAt } from '../../raw-config.js';
import type { KnownService } from '../../schema/services.js';

const WAYS = ['tcp', 'http'] as const;

/**
 * The dependencies that the sources name, as services that nobody starts. `taken` are names that a dependency must not
 * have. Sources come strongest first.
 */
export function knownDependencies(
  sources: readonly Source[],
  taken: readonly string[],
): { readonly known: readonly KnownService[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const ways = new Map<string, Set<'tcp' | 'http'>>();
  for (const source of sources) {
    const named = source.raw(['dependencies']);
    for (const [name, settings] of Object.entries(isMap(named) ? named : {})) {
      const found = ways.get(name) ?? new Set();
      for (const way of WAYS) if (valueAt(settings, [way]) !== undefined) found.add(way);
      const wrong = whatIsWrong(name, ways.has(name) ? [] : taken, found);
      if (wrong !== undefined)
        problems.push(
          describeProblem({ layer: source.place, path: ['dependencies', name], value: settings, what: wrong }),
        );
      ways.set(name, found);
    }
  }
  return { known: [...ways].map(([name, found]) => describe(name, found.has('http') ? 'http' : 'tcp')), problems };
}

function describe(name: string, speaks: 'tcp' | 'http'): KnownService {
  const protocols = speaks === 'http' ? { 'http:': 80, 'https:': 443 } : { 'tcp:': 0 };
  return { name, title: name, protocols, own: false, hasUrl: true, speaks };
}

function whatIsWrong(name: string, taken: readonly string[], ways: ReadonlySet<string>): string | undefined {
  if (taken.includes(name)) return `the name ${name} is taken; a dependency must not be one of ${taken.join(', ')}`;
  if (ways.size !== 1) return 'allowed is either tcp: host:port or http: URL';
  return undefined;
}
