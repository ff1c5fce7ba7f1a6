import type { VNode } from 'preact';
import type { TestRow } from '../../data/report-data.js';

type Verdict = TestRow['verdict'];

/** The order in which verdicts are told: what needs somebody first. */
export const VERDICTS: readonly Verdict[] = [
  'failed',
  'interrupted',
  'flaky',
  'inconclusive',
  'quarantined',
  'did not run',
  'skipped',
  'passed',
];

const SIGNS: Readonly<Record<Verdict, string>> = {
  passed: '✓',
  failed: '✗',
  interrupted: '!',
  flaky: '±',
  skipped: '–',
  inconclusive: '?',
  quarantined: 'q',
  'did not run': '○',
};

/** A verdict as a sign and, for those who do not see it, as a word. */
export function Sign({ verdict }: { readonly verdict: Verdict }): VNode {
  return (
    <span class={`sign v-${verdict.replaceAll(' ', '-')}`} role="img" aria-label={verdict} title={verdict}>
      {SIGNS[verdict]}
    </span>
  );
}

/** A verdict in words. */
export function Badge({ verdict }: { readonly verdict: Verdict }): VNode {
  return <span class={`badge v-${verdict.replaceAll(' ', '-')}`}>{verdict}</span>;
}

/** The words of a search for it. */
export function queryOf(verdict: Verdict): string {
  return `s:${verdict.replaceAll(' ', '-')}`;
}
