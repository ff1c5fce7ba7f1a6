import { setTimeout as delay } from 'node:timers/promises';
import { ChaosError } from '@chaos/spec';
import type { Expectation } from './expectation.js';
import type { Judgement } from './judge.js';
import type { ProbeResult } from './probe.js';

/** One measurement and its judgement. */
export interface Round {
  readonly measured: ProbeResult;
  readonly judgement: Judgement;
}

/** A busy machine may spoil one round of handshakes, but hardly three rounds in a row. */
const ROUNDS = 3;
const PAUSE_MS = 50;

/**
 * Measures until a round is as planned.
 *
 * @throws ChaosError `FAULT_NOT_AS_PLANNED` where every round differs, `FAULT_UNVERIFIED` where some are unclear
 */
export async function inRounds(
  measure: () => Promise<Round>,
  { port, expected, signal }: { readonly port: number; readonly expected: Expectation; readonly signal: AbortSignal },
): Promise<ProbeResult> {
  const rounds: Round[] = [];
  for (;;) {
    signal.throwIfAborted();
    const round = await measure();
    if (round.judgement.verdict === 'as planned') return round.measured;
    rounds.push(round);
    if (rounds.length === ROUNDS) throw failure(rounds, port, expected);
    await delay(PAUSE_MS * rounds.length, undefined, { signal });
  }
}

function failure(rounds: readonly Round[], port: number, expected: Expectation): ChaosError {
  const unclear = rounds.find(({ judgement }) => judgement.verdict === 'unclear');
  const { measured, judgement } = unclear ?? (rounds.at(-1) as Round);
  const data = { measured, expected };
  const { what, wanted, got } = judgement as Exclude<Judgement, { verdict: 'as planned' }>;
  const difference = `${what} should be ${wanted}, is ${got}`;
  return unclear === undefined
    ? new ChaosError('FAULT_NOT_AS_PLANNED', `The network to port ${port} is not as planned: ${difference}`, {
        hint: 'Does the match fit this port, and this device? `chaos net show` tells what is on it.',
        data,
      })
    : new ChaosError(
        'FAULT_UNVERIFIED',
        `Cannot tell whether the network to port ${port} is as planned: ${difference}, ` +
          'but so it might be without a fault',
        { hint: 'The machine is too busy to measure. Run fewer tests at the same time (--workers).', data },
      );
}
