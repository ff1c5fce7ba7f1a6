import type { VNode } from 'preact';
import type { RunInfo } from '../../data/report-data.js';
import { Text } from '../parts/text.js';

/** What the run ran with, and where each setting comes from. */
export function Environment({ run }: { readonly run: RunInfo }): VNode {
  const facts: readonly (readonly [string, string])[] = [
    ['environment', run.environment],
    ['profile', run.profile],
    ['variant', run.variant ?? ''],
    ['repeated until', run.until ?? ''],
    ['seed', run.seed],
    ['chaos', run.version],
    ['run', run.runId],
    ['hosts', run.hosts.join(', ')],
  ];
  return (
    <section aria-labelledby="environment">
      <h2 id="environment">Environment</h2>
      <dl class="facts">
        {facts
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Text>{value}</Text>
              </dd>
            </div>
          ))}
        {run.facts.map(({ name, value, href }) => (
          <div key={name}>
            <dt>
              <Text>{name}</Text>
            </dt>
            <dd>
              {href === undefined ? (
                <Text>{value}</Text>
              ) : (
                <a href={href} rel="noreferrer">
                  <Text>{value}</Text>
                </a>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <Settings settings={run.settings} />
    </section>
  );
}

function Settings({ settings }: { readonly settings: RunInfo['settings'] }): VNode | null {
  if (settings.length === 0) return null;
  return (
    <details>
      <summary>Settings that are not the default ({settings.length})</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label="Settings">
        <table>
          <thead>
            <tr>
              <th scope="col">setting</th>
              <th scope="col">value</th>
              <th scope="col">from</th>
            </tr>
          </thead>
          <tbody>
            {settings.map(({ name, value, source }) => (
              <tr key={name}>
                <th scope="row">
                  <Text>{name}</Text>
                </th>
                <td class="value">
                  <Text>{value.length > 500 ? `${value.slice(0, 500)}…` : value}</Text>
                </td>
                <td>
                  <Text>{source}</Text>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
