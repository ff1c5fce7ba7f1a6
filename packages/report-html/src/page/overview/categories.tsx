import type { VNode } from 'preact';
import type { Rate, ReportIndex, TestRow } from '../../data/report-data.js';
import { duration, percent } from '../format.js';
import { Text } from '../parts/text.js';
import { href } from '../router.js';

/** The pass rate of each category, how sure it is, and the rate that is wanted. */
export function Categories({ index }: { readonly index: ReportIndex }): VNode {
  const { target, acceptable } = index.run.passRates;
  const groups = new Map<string, TestRow[]>();
  for (const row of index.tests) {
    const rows = groups.get(row.category);
    if (rows === undefined) groups.set(row.category, [row]);
    else rows.push(row);
  }
  return (
    <section aria-labelledby="categories">
      <h2 id="categories">Categories</h2>
      <p class="dim">
        The bar is the interval in which the true pass rate lies with 95 % certainty. Wanted: {target} %, acceptable:{' '}
        {acceptable} %.
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label="Categories">
        <table>
          <thead>
            <tr>
              <th scope="col">category</th>
              <th scope="col" class="number">
                tests
              </th>
              <th scope="col" class="number">
                failed
              </th>
              <th scope="col" class="number">
                flaky
              </th>
              <th scope="col" class="number">
                rate
              </th>
              <th scope="col">interval</th>
              <th scope="col" class="number">
                time
              </th>
            </tr>
          </thead>
          <tbody>
            {index.rates.categories.map((rate) => (
              <Category
                key={rate.category}
                category={rate.category}
                rate={rate}
                rows={groups.get(rate.category) ?? []}
                target={target / 100}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface CategoryProps {
  readonly category: string;
  readonly rate: Rate;
  readonly rows: readonly TestRow[];
  readonly target: number;
}

function Category({ category, rate, rows, target }: CategoryProps): VNode {
  const count = (verdict: TestRow['verdict']): number => rows.filter((row) => row.verdict === verdict).length;
  return (
    <tr>
      <th scope="row">
        <a href={href('tests', { query: `c:"${category}"` })}>
          <Text>{category === '' ? '(none)' : category}</Text>
        </a>
      </th>
      <td class="number">{rows.length}</td>
      <td class="number">{count('failed')}</td>
      <td class="number">{count('flaky')}</td>
      <td class="number">{rate.runs === 0 ? '–' : percent(rate.rate)}</td>
      <td>
        <Interval rate={rate} target={target} />
      </td>
      <td class="number">{duration(rows.reduce((sum, row) => sum + row.durationMs, 0))}</td>
    </tr>
  );
}

function Interval({
  rate: { runs, rate, lower, upper },
  target,
}: {
  readonly rate: Rate;
  readonly target: number;
}): VNode {
  if (runs === 0) return <span class="dim">nothing to judge</span>;
  const verdict = lower >= target ? 'held' : upper < target ? 'missed' : 'open';
  const words = {
    held: 'above the wanted rate',
    missed: 'below the wanted rate',
    open: 'the wanted rate is within it',
  }[verdict];
  return (
    <svg
      class={`interval ${verdict}`}
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${percent(lower)} to ${percent(upper)}: ${words}`}
    >
      <title>{`${percent(lower)} to ${percent(upper)}: ${words}`}</title>
      <rect class="ground" x="0" y="4" width="100" height="2" />
      <rect class="range" x={lower * 100} y="2" width={Math.max(1, (upper - lower) * 100)} height="6" />
      <rect class="rate" x={Math.min(99, rate * 100)} y="1" width="1" height="8" />
      <rect class="target" x={Math.min(99.3, target * 100)} y="0" width="0.7" height="10" />
    </svg>
  );
}
