import type { Layer } from '../sources/layer.js';
import { namesAt, type Found } from './lookup.js';
import { nearest } from '@chaos/spec';

/** `--environment`, else `CHAOS_ENVIRONMENT`, else `ci` where CI is detected, else `local-development`. */
export function selectEnvironment(
  asked: { readonly option: string | undefined; readonly variable: string | undefined; readonly ci: boolean },
  fileLayers: readonly Layer[],
): { readonly selected: Found<string>; readonly problems: readonly string[] } {
  const selected = choose(asked);
  const known = namesAt(fileLayers, ['environments']);
  if (known.includes(selected.value)) return { selected, problems: [] };
  const guess = nearest(selected.value, known);
  const problem = `Cannot use ${selected.provenance.source}: current value is ${JSON.stringify(selected.value)}, allowed is one of ${known.join(', ')}${guess === undefined ? '' : `. Did you mean ${JSON.stringify(guess)}?`}`;
  return { selected, problems: [problem] };
}

function choose({
  option,
  variable,
  ci,
}: {
  readonly option: string | undefined;
  readonly variable: string | undefined;
  readonly ci: boolean;
}): Found<string> {
  if (option !== undefined) return { value: option, provenance: { layer: 'command line', source: '--environment' } };
  if (variable !== undefined && variable.trim() !== '')
    return { value: variable.trim(), provenance: { layer: 'environment variable', source: 'CHAOS_ENVIRONMENT' } };
  return {
    value: ci ? 'ci' : 'local-development',
    provenance: { layer: 'default', source: ci ? 'default: CI detected' : 'default: no CI detected' },
  };
}
