import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { AttemptDetail } from '../../data/report-data.js';
import { duration } from '../format.js';
import { go, href } from '../router.js';
import type { Theme } from '../theme.js';
import { Attempt } from './attempt.js';

interface AttemptsProps {
  readonly attempts: readonly AttemptDetail[];
  readonly chosen: number | undefined;
  readonly testId: string;
  readonly theme: Theme;
}

const MOST_BESIDE = 4;

/** The attempts of a test: one at a time, or side by side on axes of the same length. */
export function Attempts({ attempts, chosen, testId, theme }: AttemptsProps): VNode | null {
  const [beside, setBeside] = useState(false);
  if (attempts.length === 0) return null;
  const last = attempts.length - 1;
  const current = Math.min(chosen ?? last, last);
  const longestS = Math.max(...attempts.map(({ durationMs }) => durationMs)) / 1000;
  const many = attempts.length > 20;
  return (
    <>
      {attempts.length > 1 && (
        <div class="tabs">
          {many ? (
            <label>
              Attempt{' '}
              <select
                value={current}
                onChange={(event) => go(href('test', { testId, attempt: Number(event.currentTarget.value) }), true)}
              >
                {attempts.map((attempt, number) => (
                  <option value={number} key={number}>
                    {labelOf(attempt, number)}
                  </option>
                ))}
              </select>
            </label>
          ) : (
            attempts.map((attempt, number) => (
              <a
                key={number}
                href={href('test', { testId, attempt: number })}
                aria-current={!beside && number === current ? 'true' : undefined}
                onClick={() => setBeside(false)}
              >
                {labelOf(attempt, number)}
              </a>
            ))
          )}
          <button type="button" aria-pressed={beside} onClick={() => setBeside(!beside)}>
            Side by side
          </button>
        </div>
      )}
      {beside ? (
        <div class="beside">
          {attempts.slice(-MOST_BESIDE).map((attempt) => (
            <section key={attempt.retry} aria-label={labelOf(attempt, attempt.retry)}>
              <h2>{labelOf(attempt, attempt.retry)}</h2>
              <Attempt attempt={attempt} axisS={longestS} theme={theme} />
            </section>
          ))}
        </div>
      ) : (
        <Attempt key={current} attempt={attempts[current]!} theme={theme} />
      )}
    </>
  );
}

function labelOf({ status, durationMs, quarantined, isRunning }: AttemptDetail, number: number): string {
  if (isRunning === true) return `${number === 0 ? 'First try' : `Retry ${number}`}: running`;
  return `${number === 0 ? 'First try' : `Retry ${number}`}: ${quarantined?.status ?? status}, ${duration(durationMs)}`;
}
