import type { VNode } from 'preact';
import type { AttemptDetail } from '../../data/report-data.js';
import { duration, moment } from '../format.js';
import { Text } from '../parts/text.js';
import type { Theme } from '../theme.js';
import { Attachments } from './attachments.js';
import { Errors } from './errors.js';
import { Loads } from './loads.js';
import { Steps } from './steps.js';
import { Timeline } from './timeline.js';

interface AttemptProps {
  readonly attempt: AttemptDetail;
  /** Length of the axis, where several attempts are compared. */
  readonly axisS?: number;
  readonly theme: Theme;
}

/** One attempt: why it failed, what went on when, and what it left. */
export function Attempt({ attempt, axisS, theme }: AttemptProps): VNode {
  const { startMs, durationMs, worker, slot, seed, errors, quarantined, recoveries, failureClass } = attempt;
  return (
    <>
      <p class="dim">
        {moment(startMs)}, {duration(durationMs)}, slot {slot}, worker {worker}, seed <code>{seed}</code>
        {failureClass !== undefined && (
          <>
            {' '}
            <span class="tag">{failureClass}</span>
          </>
        )}
      </p>
      <Notes attempt={attempt} />
      <Errors errors={quarantined?.errors ?? errors} />
      {recoveries.length > 0 && (
        <ul class="plain">
          {recoveries.map(({ what, recoveryMs, withinMs }, number) => (
            <li key={number} class={recoveryMs > withinMs ? 'bad' : ''}>
              <Text>{what}</Text> recovered in {duration(recoveryMs)}, allowed {duration(withinMs)}
            </li>
          ))}
        </ul>
      )}
      <Attachments attachments={attempt.attachments} kind="pictures" />
      <Timeline attempt={attempt} axisS={axisS} theme={theme} />
      <Loads loads={attempt.loads} />
      <Steps steps={attempt.steps} />
      <Attachments attachments={attempt.attachments} kind="others" />
    </>
  );
}

function Notes({ attempt: { inconclusive, annotations, machine } }: { readonly attempt: AttemptDetail }): VNode {
  return (
    <>
      {inconclusive !== undefined && (
        <p class="warning">
          Inconclusive: <Text>{inconclusive}</Text>
        </p>
      )}
      {machine?.overloaded === true && (
        <p class="warning">
          Other programs kept the machine too busy for timing to be reliable:{' '}
          <Text>{machine.overloadReason ?? ''}</Text>
        </p>
      )}
      {annotations
        .filter(({ type }) => type !== 'overloaded')
        .map(({ type, description }, number) => (
          <p key={number}>
            <span class="tag">
              <Text>{type}</Text>
            </span>{' '}
            <Text>{description ?? ''}</Text>
          </p>
        ))}
    </>
  );
}
