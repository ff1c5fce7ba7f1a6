import type { ExternalTarget } from '@chaos/spec';
import type { Layer } from '../../sources/layer.js';
import { lookUp, namesAt } from '../lookup.js';
import type { Recorder } from '../recorder.js';

const PLACES = ['pid', 'container', 'host', 'pod', 'namespace'] as const;
/** What only a program has that is started here, and why. */
const OF_OURS: Readonly<Record<string, string>> = {
  command: 'it runs already',
  setup: 'it was set up elsewhere',
  cwd: 'it has a working folder already',
  env: 'it has an environment already',
};
const READY_WAYS = ['log', 'command', 'sql', 'alive_ms'];
const APART = [
  ['pid', 'container'],
  ['container', 'pod'],
  ['host', 'pod'],
] as const;

/** A program at `<place>.external`, if there is one, and what does not go together with it. */
export function resolveExternal(
  { layers, recorder }: { readonly layers: readonly Layer[]; readonly recorder: Recorder },
  place: string,
): { readonly external: ExternalTarget | undefined; readonly problems: readonly string[] } {
  const path = place.split('.');
  const written = lookUp<unknown>(layers, [...path, 'external']);
  if (written === undefined) return { external: undefined, problems: [] };
  const problems: string[] = [];
  const refuse = (key: string, why: string, source = written.provenance.source): void =>
    void problems.push(`${source}: Cannot use ${place}.${key}: ${why}`);
  const url = recorder.find<string>(`${place}.external.url`, 'default: none')?.value;
  const given = Object.fromEntries(
    PLACES.flatMap((key) => {
      const found = recorder.find<string | number>(`${place}.external.${key}`, 'default: none');
      return found === undefined ? [] : [[key, found.value]];
    }),
  );
  if (url === undefined) refuse('external', 'url is missing, at which it answers');
  for (const [one, other] of APART)
    if (one in given && other in given)
      refuse(`external.${other}`, `external.${one} is set too, allowed is one of both`);
  if ('namespace' in given && !('pod' in given)) refuse('external.namespace', 'external.pod is missing');
  if ('pod' in given && !('pid' in given))
    refuse('external.pod', 'external.pid is missing: of a pod only its processes can be broken');
  for (const [key, why] of Object.entries(OF_OURS)) {
    const found = lookUp<unknown>(layers, [...path, key]);
    if (found !== undefined && found.provenance.layer !== 'default')
      refuse(key, `${place}.external is set, and ${why}`, found.provenance.source);
  }
  for (const way of READY_WAYS) {
    const found = lookUp<unknown>(layers, [...path, 'ready', way]);
    if (found) refuse(`ready.${way}`, `${place}.external is set, allowed are http and port`, found.provenance.source);
  }
  const variants = namesAt(layers, ['target', 'variants']);
  if (variants.length > 0)
    refuse(
      'external',
      `target.variants has ${variants.join(', ')}, and only a program that is started here has variants`,
    );
  const replicas = lookUp<number>(layers, [...path, 'replicas']);
  if (replicas !== undefined && replicas.value > 1)
    refuse('replicas', `${place}.external is set, and there is one of it`, replicas.provenance.source);
  return { external: { url: (url ?? '').replace(/\/+$/, ''), ...given }, problems };
}
