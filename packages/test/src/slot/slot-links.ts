import { isExiting } from '@chaos/env/process';
import { createLinkBackends, type LinkBackends, type LinkPlace } from '@chaos/links';
import { createProxy } from '@chaos/net-proxy';
import type { SlotContext } from '@chaos/spec';
import { createRandom } from '@chaos/stats';
import { endpointOf, linkPurpose, withEndpoint } from './endpoint.js';

/** Near end of a link. A type, for it is sent as JSON. */
export type LinkEnd = { readonly url: string; readonly host: string; readonly port: number };

/** The links of one slot: from the target to its services, and from tests to the target. */
export class SlotLinks implements AsyncDisposable {
  /** Near end of each link to a service, by service. */
  readonly ends: Map<string, LinkEnd> = new Map();
  /** By the end that is depended on: a service, or `target`. */
  readonly open: Map<string, LinkPlace> = new Map();
  readonly backends: LinkBackends;
  readonly #context: SlotContext;
  /** Names of the services, in a namespace that has a name server. */
  readonly #names: Readonly<Record<string, string>>;
  #target: number | undefined;

  constructor(context: SlotContext, signal: AbortSignal) {
    this.#context = context;
    this.#names = context.sandboxed
      ? (context.address('dns') as { readonly names: Readonly<Record<string, string>> }).names
      : {};
    this.backends = createLinkBackends({
      sandboxed: context.sandboxed,
      backend: context.config.network.backend,
      programs: folderOfNft(context, signal),
    });
  }

  /** Opens the links of the target to its services; leaves nothing behind when it throws. */
  async openServices(): Promise<void> {
    try {
      for (const service of this.#context.config.target.services) {
        const { url, protocols } = this.#context.address(service) as { url: string; protocols: Record<string, number> };
        const end = await this.#connect('target', service, endpointOf(url, protocols));
        this.ends.set(service, { url: withEndpoint(url, `${end.host}:${end.port}`), ...end });
      }
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Opens the link from tests to the target, which listens on this port of the loopback device; returns its URL. */
  async openClient(port: number): Promise<string> {
    const before = this.open.get('target');
    this.open.delete('target');
    await before?.proxy.close();
    // A target that is gone refuses, as it does without the link.
    const isGone = (): boolean => this.#target === undefined || isExiting(this.#target);
    const end = await this.#connect('client', 'target', { host: '127.0.0.1', port }, isGone);
    return `http://${end.host}:${end.port}`;
  }

  /** The process of the target; `undefined` while none runs. */
  async targetIs(pid: number | undefined): Promise<void> {
    this.#target = pid;
    await this.open.get('target')?.proxy.askUpstream();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.backends[Symbol.asyncDispose]();
    const closing = [...this.open.values()];
    this.open.clear();
    await Promise.all(closing.map(({ proxy }) => proxy.close()));
  }

  async #connect(
    from: string,
    to: string,
    upstream: { host: string; port: number },
    upstreamGone?: () => boolean,
  ): Promise<Omit<LinkEnd, 'url'>> {
    const name = `${from}→${to}`;
    const listen = { host: '127.0.0.1', port: await this.#context.takePort(linkPurpose(from, to)) };
    const random = createRandom(this.#context.seed, 'link', name);
    const proxy = await createProxy({ name, listen, upstream, random, ...(upstreamGone && { upstreamGone }) });
    this.open.set(to, { proxy, from, to });
    return { host: this.#names[to] ?? listen.host, port: listen.port };
  }
}

// Found while the services start; a failure is reported by the first fault that needs it.
async function folderOfNft({ sandboxed, outside }: SlotContext, signal: AbortSignal): Promise<string | undefined> {
  if (!sandboxed) return undefined;
  return (await outside(import.meta.resolve('@chaos/programs'), 'locateNft', signal)) as string;
}
