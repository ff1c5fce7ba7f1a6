import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { EnvironmentError, machineFix } from '@chaos/spec';
import type { Layer, Source } from './layer.js';
import { parseYaml } from './parse-yaml.js';
import { printValue } from '../problem.js';
import { isMap, valueAt } from '../raw-config.js';
import { validate, normalize } from './validate.js';
import { meantValue } from './written.js';

/** A YAML file as it was read. */
export interface YamlText {
  readonly name: 'chaos.yaml' | 'chaos.tuned.yaml';
  /** Relative to the working folder. */
  readonly file: string;
  readonly text: string;
  /** Why it could not be read. */
  readonly unreadable?: string;
}

/** Reads a YAML file. `undefined` if there is none and it is not `required`. */
export async function readYamlText(
  name: YamlText['name'],
  file: string,
  cwd: string,
  required: boolean,
): Promise<YamlText | undefined> {
  const read = { name, file: relative(cwd, file) };
  // Nobody may ever write to a pipe, and reading it would wait for that.
  if (isPipe(file)) return { ...read, text: '', unreadable: 'Cannot read the configuration file: it is a pipe' };
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (typeof text === 'string') return { ...read, text };
  if (text.code === 'ENOENT' && !required && !isLink(file)) return undefined;
  const unreadable = `Cannot read the configuration file: ${whyUnreadable(file, text)}`;
  const hint = machineFix(text);
  if (hint !== undefined) throw new EnvironmentError(`${displayPath(file, cwd)}: ${unreadable}`, { hint, cause: text });
  return { ...read, text: '', unreadable };
}

/** Parses a YAML file that was read. */
export async function yamlSource({ name, file, text, unreadable }: YamlText, cwd: string): Promise<Source> {
  const display = displayPath(resolve(cwd, file), cwd);
  const empty: Layer = { name, data: {}, source: () => display, sourceNamesSetting: false };
  const failed = (...problems: readonly string[]): Source => ({
    raw: () => undefined,
    place: empty,
    check: () => ({ layer: empty, problems }),
  });
  if (unreadable !== undefined) return failed(`${display}: ${unreadable}`);
  const parsed = await parseYaml(text, display);
  if ('problems' in parsed) return failed(...parsed.problems);
  const place: Layer = {
    ...empty,
    source: (path, of = 'value') => parsed.place(path, of),
    written: (path) => parsed.written(path),
  };
  const data = parsed.data ?? {};
  return {
    raw: (path) => meantValue(valueAt(data, path)),
    place,
    check(root) {
      const raw = normalize(data, root);
      if (!isMap(raw))
        return failed(
          `${display}:1:1: Cannot use the file: current value is ${printValue(meantValue(raw))}, allowed is a map`,
        ).check(root);
      const layer = { ...place, data: raw };
      // Sorted as in the file.
      return { layer, problems: validate(layer, root).toSorted(new Intl.Collator('en', { numeric: true }).compare) };
    },
  };
}

// Path as the user would write it; files far away are shown in full.
function displayPath(file: string, cwd: string): string {
  const short = relative(cwd, file);
  return short.startsWith('../../..') ? file : short;
}

// A shell makes `/dev/fd/…` of a command whose output it hands over.
function isPipe(file: string): boolean {
  try {
    return !file.startsWith('/dev/') && statSync(file).isFIFO();
  } catch {
    return false;
  }
}

function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function whyUnreadable(file: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'EISDIR') return 'it is a folder (EISDIR)';
  if (code !== 'ENOENT') return message;
  return isLink(file) ? `it is a link to ${readlinkSync(file)}, which does not exist` : 'there is no such file';
}
