import * as v from 'valibot';
import type { RunnerConfig } from '@chaos/spec';
import { isMap, valueAt } from '../raw-config.js';
import { named, section, setting, whole, type Node } from '../schema-node.js';
import { readYamlText, yamlSource } from '../sources/yaml-layer.js';

const TEXT = v.pipe(v.string(), v.nonEmpty());
// 31 February matches the pattern of a date.
const DAY = v.pipe(
  v.string(),
  v.isoDate(),
  v.check((text) => new Date(Date.parse(text) || 0).toISOString().startsWith(text)),
);
const DEFAULT_CAP = 10;
const REQUIRED = ['owner', 'reason', 'expires'] as const;

const ENTRY = section('A test in quarantine.', {
  owner: setting(TEXT, { description: 'Who gets it out of here.', allowed: 'a name' }),
  reason: setting(TEXT, { description: 'Why it is here.', allowed: 'a text' }),
  expires: setting(DAY, { description: 'The last day on which it is.', allowed: 'a day such as 2027-01-31' }),
});

/** Schema of a quarantine file. */
const QUARANTINE: Node = section('Tests that are known to fail and fail no run.', {
  cap: whole(0, 100_000, { description: 'How many there may be.' }),
  tests: named('By id.', ENTRY),
});

/** Reads and checks a quarantine file; `undefined` if there is none and it is not `required`. */
export async function loadQuarantine(
  file: string,
  cwd: string,
  required: boolean,
): Promise<{ readonly quarantine: RunnerConfig['quarantine']; readonly problems: readonly string[] }> {
  const text = await readYamlText('chaos.yaml', file, cwd, required);
  if (text === undefined) return { quarantine: undefined, problems: [] };
  const source = await yamlSource(text, cwd);
  const { layer, problems } = source.check(QUARANTINE);
  const tests = valueAt(layer.data, ['tests']);
  const entries = isMap(tests)
    ? Object.entries(tests).filter((entry): entry is [string, Readonly<Record<string, unknown>>] => isMap(entry[1]))
    : [];
  const missing = entries.flatMap(([id, entry]) =>
    REQUIRED.filter((key) => entry[key] === undefined).map(
      (key) => `${layer.source(['tests', id], 'key')}: Cannot quarantine "${id}": it has no ${key}`,
    ),
  );
  const cap = valueAt(layer.data, ['cap']);
  return {
    quarantine: {
      file,
      cap: typeof cap === 'number' ? cap : DEFAULT_CAP,
      entries: entries.map(([id, { owner, reason, expires }]) => ({
        id,
        owner: String(owner),
        reason: String(reason),
        expires: String(expires),
        place: layer.source(['tests', id], 'key'),
      })),
    },
    problems: [...problems, ...missing],
  };
}
