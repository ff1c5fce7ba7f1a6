// Checked by the compiler alone (`pnpm types`): what a test may say of a service of one's own, and what it may not.
import { test as base, withDriver, withService, type DriverContext } from '@chaos/test';
import { activeFault, defineService, type RunningService } from '@chaos/test/service';

interface Queue extends RunningService {
  readonly port: number;
  readonly waiting: string[];
}

const queue = defineService({
  name: 'queue',
  title: 'Queue',
  protocols: { 'queue:': 4222 },
  prepare: async () => ({ program: '/bin/queue' }),
  async start({ prepared, takePort }): Promise<Queue> {
    const { program }: { readonly program: string } = prepared;
    const port = await takePort(program);
    const nothing = async (): Promise<void> => {};
    return { port, waiting: [], ready: nothing, reset: nothing, [Symbol.asyncDispose]: nothing };
  },
  address: ({ port }) => ({ url: `queue://127.0.0.1:${port}`, subject: 'orders' }),
  faults: {
    lose: ({ waiting }) => ({ name: 'lose', inject: async () => activeFault(async () => void waiting.splice(0)) }),
    delay: (_, { delayMs }: { readonly delayMs: number }) => ({
      name: `late by ${delayMs.toFixed()}`,
      inject: async () => activeFault(async () => {}),
    }),
  },
  methods: {
    waiting: async ({ waiting }) => waiting,
    push: async ({ waiting }, _signal, text: string, priority?: number) => waiting.push(text, String(priority)),
  },
});

const test = withService(base, queue);

test('all that it has is typed', async ({ queue, link, dns, inject, postgres }) => {
  const url: string = queue.url;
  const subject: string = queue.subject;
  await inject(queue.lose());
  await inject(queue.delay({ delayMs: 5 }));
  const waiting: string[] = await queue.waiting();
  const size: number = await queue.push('text', 1);
  await inject(link('target', 'queue').cut());
  await inject(link('target', 'redis').cut());
  await inject(dns.fail({ service: 'queue' }));
  await postgres.query(`${url} ${subject} ${waiting.join()} ${size}`);
  // @ts-expect-error -- an option is missing
  queue.delay();
  // @ts-expect-error -- the option is a number
  queue.delay({ delayMs: '5' });
  // @ts-expect-error -- no such fault
  queue.flood();
  // @ts-expect-error -- the text is missing
  await queue.push();
  // @ts-expect-error -- no such service
  link('target', 'que');
  // @ts-expect-error -- no such name
  dns.slow({ service: 'que', delayMs: 5 });
});

base('a test without it knows nothing of it', async ({ link }) => {
  // @ts-expect-error -- it was not added to this `test`
  link('target', 'queue');
});

const driver = { operations: { read: async (_: DriverContext, id: string) => id.length } };

withService(withDriver<typeof driver>(), queue)('with a driver, too', async ({ target, queue }) => {
  const length: number = await target.read(queue.subject);
  // @ts-expect-error -- no such operation
  await target.write(length);
});

const client = defineService({
  ...queue,
  client: ({ url, push }, signal) => ({
    url,
    pushAll: (texts: readonly string[]) => Promise.all(texts.map((text) => push(text))),
    signal,
  }),
});

withService(base, client)('what tests get may be made of it', async ({ queue }) => {
  const sizes: number[] = await queue.pushAll([queue.url]);
  // @ts-expect-error -- not a part of the client
  await queue.push(sizes.join());
});
