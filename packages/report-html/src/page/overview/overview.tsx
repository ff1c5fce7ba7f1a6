import type { VNode } from 'preact';
import type { Rate, ReportIndex, TestRow } from '../../data/report-data.js';
import { counted, duration, moment, percent } from '../format.js';
import { Lines, Text } from '../parts/text.js';
import { queryOf, VERDICTS } from '../parts/verdict.js';
import { href } from '../router.js';
import type { Theme } from '../theme.js';
import { Categories } from './categories.js';
import { Environment } from './environment.js';
import { Failures } from './failures.js';
import { Machine } from './machine.js';
import { Recoveries } from './recoveries.js';

interface OverviewProps {
  readonly index: ReportIndex;
  readonly theme: Theme;
  readonly isLive: boolean;
}

/** The run at a glance: what broke, how sure that is, and on what machine. */
export function Overview({ index, theme, isLive }: OverviewProps): VNode {
  const { run, tests, errors } = index;
  return (
    <>
      <h1 tabIndex={-1}>{headline(index, isLive)}</h1>
      <p class="dim">
        {moment(run.startMs)}
        {run.durationMs === undefined ? '' : `, ${duration(run.durationMs)}`}, {counted(run.workers, 'worker')}, seed{' '}
        <code>{run.seed}</code>
      </p>
      <Tiles tests={tests} all={index.rates.all} />
      {errors.length > 0 && (
        <section aria-labelledby="run-errors">
          <h2 id="run-errors">Errors of the run</h2>
          {errors.slice(0, 50).map((error, number) => (
            <div class="error" key={number}>
              <Lines text={error.message ?? error.value ?? error.name ?? 'Error'} kind="message" />
              {error.hint !== undefined && (
                <p class="hint">
                  Fix: <Text>{error.hint}</Text>
                </p>
              )}
            </div>
          ))}
        </section>
      )}
      <Failures tests={tests} />
      <Categories index={index} />
      <Recoveries tests={tests} />
      <Machine index={index} theme={theme} />
      <Environment run={run} />
    </>
  );
}

function headline({ run, tests }: ReportIndex, isLive: boolean): string {
  const failed = tests.filter(({ verdict }) => verdict === 'failed').length;
  if (run.status === undefined && isLive)
    return failed > 0 ? `${counted(failed, 'test')} failed so far` : counted(tests.length, 'test');
  if (run.status === undefined) return `The run was cut off: ${counted(failed, 'failed test')} until then`;
  if (run.status === 'interrupted') return `The run was interrupted: ${counted(failed, 'failed test')} until then`;
  if (run.status === 'timedout') return 'The run exceeded its time';
  if (failed > 0) return `${counted(failed, 'test')} failed`;
  return run.status === 'passed' ? 'The run passed' : 'The run failed';
}

function Tiles({ tests, all }: { readonly tests: readonly TestRow[]; readonly all: Rate }): VNode {
  const { rate, lower, upper, runs } = all;
  return (
    <div class="tiles">
      <a class="tile" href={href('tests')}>
        <b>{runs === 0 ? '–' : percent(rate)}</b>
        <span>pass rate</span>
        {runs > 0 && (
          <span class="dim small" title="Wilson, 95 %">
            {percent(lower)} to {percent(upper)}
          </span>
        )}
      </a>
      {VERDICTS.map((verdict) => {
        const count = tests.filter((row) => row.verdict === verdict).length;
        if (count === 0) return null;
        return (
          <a
            class={`tile v-${verdict.replaceAll(' ', '-')}`}
            key={verdict}
            href={href('tests', { query: queryOf(verdict) })}
          >
            <b>{count.toLocaleString('en')}</b>
            <span>{verdict}</span>
          </a>
        );
      })}
    </div>
  );
}
