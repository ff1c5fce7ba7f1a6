import { expect, outcomeOf, seeded, test } from '../drivers/index.js';

const TOKENS = 5000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ';

test(
  'no token survives a change of a single character',
  {
    id: 'A12',
    purpose: 'Whatever is changed, left out or added: a token is exactly what the issuer signed, or it is nothing.',
    tag: ['@auth', '@input'],
    needs: ['read'],
    services: ['jwks'],
    catches: ['verified-tokens-cached-by-signature'],
  },
  async ({ target, jwks, load, random, config }) => {
    const token = await jwks.issue({ sub: 'alice' });
    const read = (one: string) => target.read(seeded.document(0), { token: one });
    const choice = random('changes');
    const changed = (index: number): string => {
      const at = index % token.length;
      const character = choice.pick(ALPHABET.split('').filter((one) => one !== token[at]));
      const rest = token.slice(at + 1);
      return token.slice(0, at) + choice.pick([character + rest, character + rest, rest, character + token.slice(at)]);
    };
    // The last character of a signature has bits that mean nothing.
    const isSame = (other: string): boolean => {
      const [one, two] = [token, other].map((each) => each.trim().split('.'));
      const bytes = (parts: readonly string[] | undefined): string =>
        Buffer.from(parts?.[2] ?? '', 'base64url').toString('hex');
      return one?.[0] === two?.[0] && one?.[1] === two?.[1] && bytes(one) === bytes(two);
    };
    const tokens = Array.from({ length: TOKENS * 1.1 }, (_, index) => changed(index)).filter((each) => !isSame(each));
    const pid = await target.process.pid();
    await load.warmUp({ run: () => read(token) });
    const text = await read(token);

    const forged = await load.closed({
      run: async ({ worker }) => {
        const mutant = tokens.pop() as string;
        const outcome = await read(mutant).then(() => 'ok', outcomeOf);
        if (outcome !== 'ok' && outcome !== 'rejected')
          throw new Error(`worker ${worker}: ${mutant} ended as ${outcome}`);
        return { mutant, outcome };
      },
      right: ({ outcome }) => outcome === 'rejected',
      concurrency: config.concurrentRequests,
      operations: TOKENS,
    });
    expect(forged).toHaveNoWrongResult();
    expect(forged).toHaveErrorRatioBelow(0.01);
    expect(await target.process.pid()).toBeInvariant(pid);
    expect(await read(token)).toBeInvariant(text);
  },
);
