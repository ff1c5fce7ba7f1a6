import { resolve } from 'node:path';
import type { ServiceDescription, TargetConfig } from '@chaos/spec';
import type { Layer } from './layer.js';
import { lookUp, namesAt } from './lookup.js';
import { nearest } from './nearest.js';
import { placeholdersOf, placeholdersIn } from './placeholders.js';
import { printValue } from './problem.js';
import type { Path } from './raw-config.js';
import type { Recorder } from './recorder.js';
import { splitCommand } from './split-command.js';

/** The program under test, with its placeholders checked and its services derived from them. */
export function resolveTarget(
  layers: readonly Layer[],
  rootDir: string,
  recorder: Recorder,
  services: readonly ServiceDescription[],
): { readonly target: TargetConfig; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const used = new Set<string>();
  const placeholders = placeholdersOf(services);

  const check = (text: string, path: Path, source: string): void => {
    for (const name of placeholdersIn(text)) {
      used.add(name);
      if (Object.hasOwn(placeholders, name)) continue;
      problems.push(
        `${source}: Cannot use ${path.join('.')}: current value is ${printValue(text)}, ${noPlaceholder(name, Object.keys(placeholders))}`,
      );
    }
  };
  const variables = (path: Path, note: (name: string) => string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      namesAt(layers, path).map((name) => {
        const found = lookUp<string | number | boolean>(layers, [...path, name]);
        const text = String(found?.value);
        if (found !== undefined) recorder.note(note(name), found.provenance);
        check(text, [...path, name], found?.provenance.source ?? '');
        return [name, text];
      }),
    );
  const command = (): TargetConfig['command'] => {
    const found = recorder.find<string | readonly string[]>('target.command', 'default: none');
    if (found === undefined) return undefined;
    const { value, provenance } = found;
    const [program, ...args] = (typeof value === 'string' ? splitCommand(value) : value) ?? [];
    if (program === undefined || program === '') {
      problems.push(
        `${provenance.source}: Cannot use target.command: current value is ${printValue(value)}, allowed is a program and its arguments, every quote closed`,
      );
      return undefined;
    }
    for (const word of [program, ...args]) check(word, ['target', 'command'], provenance.source);
    return [program, ...args];
  };

  const driver = recorder.find<string>('target.driver', 'default: none')?.value;
  const target = {
    command: command(),
    cwd: resolve(rootDir, recorder.take<string>('target.cwd')),
    env: variables(['target', 'env'], (name) => `target.env.${name}`),
    ready: {
      path: recorder.take<string>('target.ready.path'),
      timeoutMs: recorder.take<number>('target.ready.timeoutMs'),
    },
    driver: driver === undefined ? undefined : resolve(rootDir, driver),
    variants: Object.fromEntries(
      namesAt(layers, ['target', 'variants']).map((variant) => [
        variant,
        variables(['target', 'variants', variant], (name) => `target.variants.${variant}.${name}`),
      ]),
    ),
  };
  const needed = services
    .map(({ name }) => name)
    .filter((service) => [...used].some((name) => Object.hasOwn(placeholders, name) && placeholders[name] === service));
  recorder.note('target.services', { layer: 'default', source: 'default: by the placeholders of target' });
  return { target: { ...target, services: needed }, problems };
}

function noPlaceholder(name: string, allowed: readonly string[]): string {
  const guess = nearest(name, allowed);
  return `{${name}} is no placeholder; allowed are ${allowed.map((each) => `{${each}}`).join(' ')}${guess === undefined ? '' : `. Did you mean "{${guess}}"?`}`;
}
