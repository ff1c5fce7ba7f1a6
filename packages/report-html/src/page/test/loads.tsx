import type { VNode } from 'preact';
import type { LoadReport } from '@chaos/spec';
import { duration, figure } from '../format.js';
import { Text } from '../parts/text.js';

const OUTCOMES = ['ok', 'wrong', 'rejected', 'unavailable', 'timeout', 'unknown'] as const;

/** The loads of an attempt by outcome, with their percentiles and their errors. */
export function Loads({ loads }: { readonly loads: readonly LoadReport[] }): VNode | null {
  if (loads.length === 0) return null;
  const used = OUTCOMES.filter((outcome) => outcome === 'ok' || loads.some(({ counts }) => counts[outcome] > 0));
  return (
    <section aria-labelledby="loads">
      <h2 id="loads">Load</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Load">
        <table>
          <thead>
            <tr>
              <th scope="col">load</th>
              <th scope="col" class="number">
                at a time
              </th>
              {used.map((outcome) => (
                <th scope="col" class="number" key={outcome}>
                  {outcome}
                </th>
              ))}
              <th scope="col" class="number">
                ok/s
              </th>
              {['p50', 'p95', 'p99', 'max'].map((name) => (
                <th scope="col" class="number" key={name}>
                  {name}, ms
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {loads.map(({ operations, durationMs, concurrency, counts, throughput, latency }, number) => (
              <tr key={number}>
                <th scope="row">
                  {operations} in {duration(durationMs)}
                </th>
                <td class="number">{concurrency}</td>
                {used.map((outcome) => (
                  <td class={`number ${outcome !== 'ok' && counts[outcome] > 0 ? 'bad' : ''}`} key={outcome}>
                    {counts[outcome]}
                  </td>
                ))}
                <td class="number">{figure(throughput)}</td>
                {[latency.p50, latency.p95, latency.p99, latency.max].map((value, place) => (
                  <td class="number" key={place}>
                    {figure(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <LoadErrors loads={loads} />
    </section>
  );
}

function LoadErrors({ loads }: { readonly loads: readonly LoadReport[] }): VNode {
  return (
    <ul class="plain">
      {loads
        .flatMap(({ errors }) => errors)
        .slice(0, 20)
        .map(({ outcome, message, count }, number) => (
          <li key={number}>
            {count} × <span class="tag">{outcome}</span> <Text>{message}</Text>
          </li>
        ))}
    </ul>
  );
}
