import { resolve } from 'node:path';
import type { ReadyCheck, ServiceDescription, TargetConfig } from '@chaos/spec';
import type { Layer } from '../sources/layer.js';
import { lookUp, namesAt } from './lookup.js';
import { nearest } from '../nearest.js';
import { placeholdersOf, placeholdersIn } from './placeholders.js';
import { printValue } from '../problem.js';
import type { Path } from '../raw-config.js';
import type { Recorder } from './recorder.js';
import { splitCommand } from './split-command.js';

/** The program under test, with its placeholders checked and its services derived from them. */
export function resolveTarget(
  layers: readonly Layer[],
  rootDir: string,
  recorder: Recorder,
  services: readonly ServiceDescription[],
): { readonly target: TargetConfig; readonly problems: readonly string[] } {
  const words = new TargetWords(layers, recorder, services);
  const driver = recorder.find<string>('target.driver', 'default: none')?.value;
  const target = {
    command: words.command('command'),
    setup: words.command('setup'),
    cwd: resolve(rootDir, recorder.take<string>('target.cwd')),
    env: words.variables(['target', 'env']),
    ready: { ...words.ready(), timeoutMs: recorder.take<number>('target.ready.timeoutMs') },
    restart: recorder.take<TargetConfig['restart']>('target.restart'),
    driver: driver === undefined ? undefined : resolve(rootDir, driver),
    variants: Object.fromEntries(
      namesAt(layers, ['target', 'variants']).map((variant) => [
        variant,
        words.variables(['target', 'variants', variant]),
      ]),
    ),
  };
  recorder.note('target.services', { layer: 'default', source: 'default: by the placeholders of target' });
  return { target: { ...target, services: words.services() }, problems: words.problems };
}

const READY_WAYS = ['http', 'log', 'port', 'command', 'sql', 'aliveMs'] as const;

/** Texts of the target that may hold placeholders: which of them they do, and what is wrong with them. */
class TargetWords {
  readonly problems: string[] = [];
  readonly #used = new Set<string>();
  readonly #layers: readonly Layer[];
  readonly #recorder: Recorder;
  readonly #services: readonly ServiceDescription[];
  readonly #placeholders: ReturnType<typeof placeholdersOf>;

  constructor(layers: readonly Layer[], recorder: Recorder, services: readonly ServiceDescription[]) {
    this.#layers = layers;
    this.#recorder = recorder;
    this.#services = services;
    this.#placeholders = placeholdersOf(services);
  }

  /** A program and its arguments, at a key of the target. */
  command(key: 'command' | 'setup' | 'ready.command'): TargetConfig['command'] {
    const found = this.#recorder.find<string | readonly string[]>(`target.${key}`, 'default: none');
    if (found === undefined) return undefined;
    const { value, provenance } = found;
    const [program, ...args] = (typeof value === 'string' ? splitCommand(value) : value) ?? [];
    if (program === undefined || program === '') {
      this.problems.push(
        `${provenance.source}: Cannot use target.${key}: current value is ${printValue(value)}, allowed is a program and its arguments, every quote closed`,
      );
      return undefined;
    }
    for (const word of [program, ...args]) this.#check(word, ['target', ...key.split('.')], provenance.source);
    return [program, ...args];
  }

  /** The one way in which the target shows that it is ready. */
  ready(): ReadyCheck {
    const path = this.#recorder.take<string>('target.ready.path');
    const ways = READY_WAYS.flatMap((way) => {
      const found = this.#recorder.find<string | number | true>(`target.ready.${way}`, 'default: none');
      return found === undefined ? [] : [{ way, ...found }];
    });
    const [first, second] = ways;
    if (first !== undefined && second !== undefined)
      this.problems.push(
        `${second.provenance.source}: Cannot use target.ready.${second.way}: target.ready.${first.way} is set too, allowed is one way to be ready`,
      );
    if (first === undefined) return { path };
    if (first.way === 'command') return { command: this.command('ready.command') ?? ['false'] };
    if (first.way === 'sql') this.#needPostgres(first.provenance.source);
    return { [first.way === 'http' ? 'path' : first.way]: first.value } as unknown as ReadyCheck;
  }

  #needPostgres(source: string): void {
    if (!this.services().includes('postgres'))
      this.problems.push(
        `${source}: Cannot use target.ready.sql: the target has no PostgreSQL, allowed is a query where target.env or target.command has {postgres.url}`,
      );
  }

  /** Environment variables at a path. */
  variables(path: Path): Readonly<Record<string, string>> {
    return Object.fromEntries(
      namesAt(this.#layers, path).map((name) => {
        const found = lookUp<string | number | boolean>(this.#layers, [...path, name]);
        const text = String(found?.value);
        if (found !== undefined) this.#recorder.note([...path, name].join('.'), found.provenance);
        this.#check(text, [...path, name], found?.provenance.source ?? '');
        return [name, text];
      }),
    );
  }

  /** Services whose placeholders are in one of the texts so far. */
  services(): readonly string[] {
    const needed = new Set(
      [...this.#used].map((name) => (Object.hasOwn(this.#placeholders, name) ? this.#placeholders[name] : undefined)),
    );
    return this.#services.map(({ name }) => name).filter((name) => needed.has(name));
  }

  #check(text: string, path: Path, source: string): void {
    for (const name of placeholdersIn(text)) {
      this.#used.add(name);
      if (Object.hasOwn(this.#placeholders, name)) continue;
      this.problems.push(
        `${source}: Cannot use ${path.join('.')}: current value is ${printValue(text)}, ${noPlaceholder(name, Object.keys(this.#placeholders))}`,
      );
    }
  }
}

function noPlaceholder(name: string, allowed: readonly string[]): string {
  const guess = nearest(name, allowed);
  return `{${name}} is no placeholder; allowed are ${allowed.map((each) => `{${each}}`).join(' ')}${guess === undefined ? '' : `. Did you mean "{${guess}}"?`}`;
}
