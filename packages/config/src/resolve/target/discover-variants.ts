import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A file that stands for a variant. */
export interface VariantFile {
  /** What the last `*` of the pattern stands for. */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
}

/**
 * Files that match a pattern such as `defects/*.ts`, by name. A `*` stands for a name without dots, so that neither
 * hidden files nor `a.test.ts` count.
 */
export function discoverVariants(rootDir: string, pattern: string): readonly VariantFile[] {
  const steps = pattern.split('/').filter((step) => step !== '' && step !== '.');
  let found: readonly VariantFile[] = [{ name: '', file: pattern.startsWith('/') ? '/' : rootDir }];
  for (const [index, step] of steps.entries()) {
    const isLast = index === steps.length - 1;
    found = found.flatMap((each) =>
      step === '..' ? [{ ...each, file: join(each.file, step) }] : below(each, step, isLast),
    );
  }
  return found.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function below({ name, file }: VariantFile, step: string, isLast: boolean): readonly VariantFile[] {
  const isMatch = new RegExp(`^${step.split('*').map(escaped).join('([^.]+)')}$`);
  return entries(file).flatMap((entry) => {
    const match = isMatch.exec(entry.name);
    if (match === null || entry.isDirectory() === isLast) return [];
    const stars = match.slice(1);
    return [{ name: stars.at(-1) ?? name, file: join(file, entry.name) }];
  });
}

function entries(folder: string): readonly { readonly name: string; isDirectory(): boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
