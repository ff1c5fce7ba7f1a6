import { CapabilityMissing, ChaosError, InvariantViolation, UsageError } from '@chaos/spec';
import { expect, test } from 'vitest';
import { AbortTest, Inconclusive, SkipTest } from '../../info/outcome-errors.js';
import { AttemptVerdict, type Judged } from './attempt-verdict.js';
import { PhaseTimeout } from '../time/clock.js';
import { Interrupted } from './interrupted.js';

function judge(...errors: readonly unknown[]) {
  const info: Judged = { status: 'passed', expectedStatus: 'passed', errors: [], annotations: [] };
  const asked: unknown[] = [];
  const verdict = new AttemptVerdict(info, (error) => {
    asked.push(error);
    return true;
  });
  for (const error of errors) verdict.take(error);
  return { info, verdict, asked };
}

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

test('the first failure decides the status, and all are told', () => {
  for (const [first, status] of [
    [new Error('a'), 'failed'],
    [new PhaseTimeout('late'), 'timedOut'],
    [new Interrupted('stop'), 'interrupted'],
    [revoked(), 'failed'],
    [undefined, 'failed'],
  ] as const) {
    const { info, verdict, asked } = judge(first, new Error('then'), new PhaseTimeout('and then'));
    expect(info.status).toBe(status);
    expect(info.errors).toHaveLength(3);
    expect(verdict.failed).toBe(true);
    expect(asked).toHaveLength(1);
  }
});

test('an error that comes by two ways is told once', () => {
  const error = new Error('twice');
  expect(judge(error, error).info.errors).toHaveLength(1);
});

test('a skip, a missing capability and an inconclusive test clear no failure', () => {
  for (const error of [
    new SkipTest('why'),
    new CapabilityMissing('netem', 'no'),
    new Inconclusive('not met'),
    new ChaosError('FAULT_UNVERIFIED', 'nobody can tell'),
  ]) {
    expect(judge(error).info.status).toBe('skipped');
    expect(judge(new Error('before'), error).info.status).toBe('failed');
  }
  expect(judge(new Inconclusive('not met')).verdict.inconclusive).toBe('not met');
});

test('a fault that lapsed makes a failure say nothing, but wrong data stay wrong', () => {
  const lapsed = new ChaosError('FAULT_LAPSED', 'it was out of force');
  expect(judge(new Error('before'), lapsed)).toMatchObject({
    info: { status: 'skipped', expectedStatus: 'skipped' },
    verdict: { failed: false, inconclusive: 'it was out of force' },
  });
  expect(judge(new InvariantViolation('lost'), lapsed).info.status).toBe('failed');
});

test('what would come again is not tried again', () => {
  for (const error of [
    new InvariantViolation('lost'),
    new UsageError('misused'),
    new AbortTest('enough'),
    new ChaosError('NOT_AWAITED', 'x was not awaited'),
  ]) {
    expect(judge(error).verdict.retriable).toBe(false);
    expect(judge(new Error('before'), error).verdict.retriable).toBe(false);
    expect(judge(error, new Error('after')).verdict.retriable).toBe(false);
  }
  expect(judge(new Error('may pass next time')).verdict.retriable).toBe(true);
});

test('a failure is not taken back by writing another status', () => {
  const { info, verdict } = judge(new PhaseTimeout('late'));
  for (const written of ['passed', 'skipped'] as const) expect(verdict.statusOf(written)).toBe('timedOut');
  expect(verdict.statusOf('interrupted')).toBe('interrupted');
  expect(info.status).toBe('timedOut');
  expect(judge().verdict.statusOf('passed')).toBe('passed');
  expect(judge(new Inconclusive('no deadlock')).verdict.statusOf('skipped')).toBe('skipped');
});
