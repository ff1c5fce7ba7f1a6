import type { ResolvedConfig, SlotContext, SlotFixture, SlotFixtureReference } from '@chaos/spec';
import { programsOf } from './programs.js';
import { seed } from './seed.js';

// Each copy is a fixture of its own, which tells these itself.
const OF_COPIES = ['beforeReset', 'ended', 'incidents', 'leftovers', 'logs'];

/** The place of the fixture of a copy. */
type CopyOf = (instance: string) => SlotFixtureReference;

/** Fixtures that must be up before a copy of a program: the links, and the copy that starts before it. */
export function needsOf(config: ResolvedConfig, name: string, copy: CopyOf): SlotFixture['needs'] {
  const all = instancesOf(config);
  const before = all[all.indexOf(name) - 1];
  return ['links', ...(before === undefined ? [] : [copy(before)])];
}

/** The fixture `target` where there are several programs: all of them are up, the first one is called, and seeded. */
export function severalTargets(config: ResolvedConfig, copy: CopyOf): SlotFixture {
  const all = instancesOf(config);
  const first = all[0] as string;
  let context: SlotContext | undefined;
  const slot = (): SlotContext => {
    if (context === undefined) throw new TypeError('Cannot use the target: it is not up');
    return context;
  };
  return {
    needs: all.map(copy),
    async up(own, signal) {
      const { url } = own.address(first) as { readonly url: string };
      const logTail = async (): Promise<string> => (await own.call(first, 'log', [30], signal)) as string;
      await seed(own, { url, logTail }, signal);
      context = own;
    },
    check: async () => {},
    reset: async () => {},
    address: () => slot().address(first),
    async call(method, args, signal) {
      if (!OF_COPIES.includes(method)) return slot().call(first, method, args, signal);
      return method === 'beforeReset' ? null : [];
    },
    async down() {
      context = undefined;
    },
  };
}

function instancesOf(config: ResolvedConfig): readonly string[] {
  return programsOf(config).flatMap(({ instances }) => instances);
}
