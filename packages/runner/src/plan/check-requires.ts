import { relative } from 'node:path';
import { nearest, UsageError, type TestCase } from '@chaos/spec';

/**
 * Throws a `UsageError` that lists every test whose `requires` names an unknown capability. Such a test would be
 * skipped on every machine, and nobody would notice.
 *
 * @param known capabilities that can be required
 * @param cwd base folder of displayed paths
 */
export function checkRequires(
  tests: readonly Pick<TestCase, 'requires' | 'location' | 'titlePath'>[],
  known: readonly string[],
  cwd: string,
): void {
  const problems = tests.flatMap(({ requires, location, titlePath }) =>
    requires
      .filter((name) => !known.includes(name))
      .map((name) => {
        const meant = meantBy(name, known);
        const place = `${relative(cwd, location.file)}:${location.line}:${location.column}`;
        return `${place}: "${titlePath.join(' › ')}" requires ${JSON.stringify(name)}, which is no capability${meant === undefined ? '' : `: did you mean "${meant}"?`}`;
      }),
  );
  if (problems.length === 0) return;
  throw new UsageError(`Cannot run tests that require what does not exist:\n${problems.join('\n')}`, {
    hint: `Capabilities are ${known.join(', ')}.`,
  });
}

// Names are short: `nett` is two letters away from `netem`, which is half of it.
function meantBy(name: unknown, known: readonly string[]): string | undefined {
  if (typeof name !== 'string') return undefined;
  const start = name.toLowerCase().slice(0, 3);
  const alike = known.filter((each) => start.length === 3 && each.startsWith(start));
  return nearest(name, known) ?? alike.toSorted((a, b) => a.length - b.length)[0];
}
