import type { VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { LiveState } from '../../data/live-data.js';
import type { ReportIndex, TestRow } from '../../data/report-data.js';
import { Plot } from '../chart/plot.js';
import { counted, duration } from '../format.js';
import { Text } from '../parts/text.js';
import { href } from '../router.js';
import type { Commands } from '../source/live-source.js';
import type { Theme } from '../theme.js';

/** A run that goes on, for the views. */
export interface NowProps {
  readonly state: LiveState;
  readonly commands: Commands;
  readonly isConnected: boolean;
}

interface NowViewProps extends NowProps {
  readonly index: ReportIndex;
  /** Tests that match the search. */
  readonly shown: readonly TestRow[];
  readonly theme: Theme;
}

const WINDOW_S = 120;

/** What runs now, and the buttons that change it. */
export function Now({ state, commands, isConnected, index, shown, theme }: NowViewProps): VNode {
  const { isRunning, note, planned, ended, slots, tests } = state;
  return (
    <section class="now" aria-label="Now">
      {!isConnected && <p class="warning">chaos ui does not answer. This page goes on as soon as it does.</p>}
      <Buttons state={state} commands={commands} index={index} shown={shown} />
      <p role="status">
        {isRunning ? `Running: ${ended} of ${counted(planned, 'test')} ended` : 'Nothing runs'}
        {note !== '' && (
          <span class="dim">
            {' '}
            · <Text>{note}</Text>
          </span>
        )}
      </p>
      {(tests.length > 0 || slots.length > 0) && <RunningTests state={state} index={index} />}
      <Cpus host={state.host} theme={theme} />
    </section>
  );
}

function Buttons({
  state,
  commands,
  index,
  shown,
}: Pick<NowViewProps, 'state' | 'commands' | 'index' | 'shown'>): VNode {
  const { isRunning, isWatching } = state;
  const failed = index.tests.filter(({ verdict }) => verdict === 'failed' || verdict === 'interrupted');
  const isFiltered = shown.length > 0 && shown.length < index.tests.length;
  return (
    <div class="chips">
      <button type="button" disabled={isRunning} onClick={() => commands.run()}>
        Run all
      </button>
      {isFiltered && (
        <button type="button" disabled={isRunning} onClick={() => commands.run(shown.map(({ id }) => id))}>
          Run the {counted(shown.length, 'test')} of the search
        </button>
      )}
      <button
        type="button"
        disabled={isRunning || failed.length === 0}
        onClick={() => commands.run(failed.map(({ id }) => id))}
      >
        Rerun failed ({failed.length})
      </button>
      <button type="button" disabled={!isRunning} onClick={() => commands.stop()}>
        Stop
      </button>
      <button type="button" aria-pressed={isWatching} onClick={() => commands.watch(!isWatching)}>
        Watch files
      </button>
    </div>
  );
}

function RunningTests({ state: { tests, slots }, index }: Pick<NowViewProps, 'state' | 'index'>): VNode {
  const nowMs = useNow();
  return (
    <ul class="plain running">
      {tests.map(({ testId, retry, slot, startMs, faults, step }) => (
        <li key={`${testId} ${retry}`}>
          <span class="dim">slot {slot}</span>{' '}
          <a href={href('test', { testId })}>
            <Text>{index.tests.find(({ id }) => id === testId)?.title ?? testId}</Text>
          </a>{' '}
          <span class="dim">{duration(Math.max(0, Math.floor((nowMs - startMs) / 100) * 100))}</span>
          {retry > 0 && <span class="tag">retry {retry}</span>}
          {step !== undefined && (
            <span class="tag">
              <Text>{step}</Text>
            </span>
          )}
          {faults.map((fault) => (
            <span class="fault" key={fault}>
              ⚡ <Text>{fault}</Text>
            </span>
          ))}
        </li>
      ))}
      {slots
        .filter(({ slot }) => tests.every((test) => test.slot !== slot))
        .map(({ slot, state }) => (
          <li key={`slot ${slot}`}>
            <span class="dim">slot {slot}</span> <Text>{state}</Text>
          </li>
        ))}
    </ul>
  );
}

function Cpus({ host, theme }: { readonly host: LiveState['host']; readonly theme: Theme }): VNode | null {
  const chart = useMemo(() => {
    const last = host.timeMs.at(-1) ?? 0;
    return {
      x: host.timeMs.map((timeMs) => (timeMs - last) / 1000),
      series: [{ name: 'in use', colour: '--c1', values: host.cpus, fill: true }],
    };
  }, [host.timeMs.at(-1)]);
  if (host.timeMs.length < 2) return null;
  return (
    <Plot
      title="CPUs"
      unit="CPUs"
      x={chart.x}
      series={chart.series}
      range={[Math.max(-WINDOW_S, Math.min(-10, chart.x[0]!)), 0]}
      theme={theme}
    />
  );
}

function useNow(): number {
  const [nowMs, set] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
