import type { Model } from '../model.js';
import { checkBank, createBankChecker } from './bank.js';
import { checkCausalReverse } from './causal-reverse.js';
import { checkCounter } from './counter.js';
import { checkLongFork } from './long-fork.js';
import { checkMonotonic } from './monotonic.js';
import { checkPredicateG2 } from './predicate-g2.js';
import { checkQueue } from './queue.js';
import { checkSequential } from './sequential.js';
import { checkSet } from './set.js';
import { checkSetFull } from './set-full.js';
import { checkTotalQueue } from './total-queue.js';
import { checkUniqueIds } from './unique-ids.js';

const row = (
  name: string,
  prefixClosed: boolean,
  check: Model['check'],
  summary: string,
  aliases: readonly string[] = [],
): Model => ({ name, aliases, family: 'invariants', summary, prefixClosed, check });

/** The rows of the invariants in the table of models. */
export const INVARIANT_MODELS: readonly Model[] = [
  {
    ...row('bank', true, checkBank, 'every read of all accounts is complete and adds up to the same total'),
    stream: createBankChecker,
  },
  row('set', false, checkSet, 'the last read has every acknowledged element, and none that was not added'),
  row('set-full', false, checkSetFull, 'no read lacks for good an element that was acknowledged or read before it'),
  row('counter', true, checkCounter, 'every read lies between what was certainly and what was possibly added'),
  row('queue', true, checkQueue, 'nothing comes out of the queue that did not go in, or more often', [
    'unordered-queue',
  ]),
  row('total-queue', false, checkTotalQueue, 'every acknowledged element has come out of the drained queue'),
  row('unique-ids', true, checkUniqueIds, 'no identifier was given twice', ['unique']),
  row('long-fork', true, checkLongFork, 'all reads of a group of keys agree on the order of its writes'),
  row(
    'monotonic',
    false,
    checkMonotonic,
    "values rise with the database's own timestamps, and none is lost, doubled or revived",
  ),
  row('predicate-g2', true, checkPredicateG2, 'of two inserts that each need to find nothing, at most one happened', [
    'g2',
    'adya',
  ]),
  row('sequential', true, checkSequential, "who sees a process's later write sees its earlier ones"),
  row('causal-reverse', true, checkCausalReverse, 'who sees a write sees all that were acknowledged before it began', [
    'comments',
  ]),
];
