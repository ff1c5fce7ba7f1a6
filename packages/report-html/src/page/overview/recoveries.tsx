import type { VNode } from 'preact';
import type { TestRow } from '../../data/report-data.js';
import { duration, percent } from '../format.js';
import { Text } from '../parts/text.js';
import { href } from '../router.js';

const SHOWN = 8;

/** The slowest recoveries of the run, against the time that each was allowed. */
export function Recoveries({ tests }: { readonly tests: readonly TestRow[] }): VNode | null {
  const slowest = tests
    .filter(({ recovery }) => recovery !== undefined)
    .sort((one, other) => other.recovery!.recoveryMs - one.recovery!.recoveryMs)
    .slice(0, SHOWN);
  if (slowest.length === 0) return null;
  return (
    <section aria-labelledby="recoveries">
      <h2 id="recoveries">Slowest recoveries</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Slowest recoveries">
        <table>
          <thead>
            <tr>
              <th scope="col">test</th>
              <th scope="col">recovered</th>
              <th scope="col" class="number">
                took
              </th>
              <th scope="col" class="number">
                allowed
              </th>
              <th scope="col" class="number">
                used
              </th>
            </tr>
          </thead>
          <tbody>
            {slowest.map(({ id, title, chaosId, recovery }) => (
              <tr key={id}>
                <th scope="row">
                  <a href={href('test', { testId: id })}>
                    {chaosId !== undefined && `${chaosId} `}
                    <Text>{title}</Text>
                  </a>
                </th>
                <td>
                  <Text>{recovery!.what}</Text>
                </td>
                <td class="number">{duration(recovery!.recoveryMs)}</td>
                <td class="number">{duration(recovery!.withinMs)}</td>
                <td class="number">{percent(recovery!.recoveryMs / recovery!.withinMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
