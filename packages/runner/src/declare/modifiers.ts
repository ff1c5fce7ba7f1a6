import { checkRunnable } from '@chaos/spec';
import { currentTest } from '../info/current-test.js';
import { currentSuite, isCollecting } from './collector.js';
import type { FixtureList } from '../fixtures/fixture-list.js';
import { callerLocation } from '../data/call-location.js';
import type { Body, ModifierNode, TestNode } from './suite.js';

type DeclareTest = (lists: readonly FixtureList[], title: string, rest: readonly unknown[]) => TestNode;

/**
 * `test.skip`, `fixme`, `fail` or `slow`: declares a test, modifies the surrounding group, or modifies the running
 * test.
 */
export function modifier(type: ModifierNode['type'], lists: readonly FixtureList[], declare: DeclareTest): unknown {
  const modify = (...args: unknown[]): void => {
    checkRunnable(`Cannot use test.${type}()`, args[0]);
    if (typeof args[0] === 'string' && typeof args.at(-1) === 'function') {
      const node = declare(lists, args[0], args.slice(1));
      node.modifiers.push({
        type,
        condition: undefined,
        description: undefined,
        location: node.location,
        fixtures: lists,
      });
      return;
    }
    const description = typeof args[1] === 'string' ? args[1] : undefined;
    if (isCollecting()) {
      const suite = currentSuite(`test.${type}()`);
      if (args.length > 0 && typeof args[0] !== 'function' && !args[0]) return;
      suite.modifiers.push({
        type,
        condition: typeof args[0] === 'function' ? (args[0] as Body) : undefined,
        description,
        location: callerLocation(),
        fixtures: lists,
      });
      return;
    }
    if (typeof args[0] === 'function')
      throw new TypeError(`test.${type}() with a function can only be called inside describe block`);
    const info = currentTest(`test.${type}()`);
    if (args.length === 0) info[type]();
    else info[type](Boolean(args[0]), description);
  };
  const only = (title: string, ...rest: unknown[]): void => {
    const node = declare(lists, title, rest);
    node.only = true;
    node.modifiers.push({
      type,
      condition: undefined,
      description: undefined,
      location: node.location,
      fixtures: lists,
    });
  };
  return Object.assign(modify, { only });
}
