import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findConfigFile } from './find-config-file.js';

const OTHER = 65_534;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chaos-config-'));
  mkdirSync(join(folder, 'mine'));
  writeFileSync(join(folder, 'chaos.yaml'), '');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('finds the file of a folder above', () => {
  expect(findConfigFile(join(folder, 'mine'))).toBe(join(folder, 'chaos.yaml'));
});

describe.runIf(process.getuid?.() === 0)('a file of another user above', () => {
  beforeEach(() => chownSync(join(folder, 'chaos.yaml'), OTHER, OTHER));

  test('is refused', () => {
    expect(() => findConfigFile(join(folder, 'mine'))).toThrow(
      `Cannot use ${join(folder, 'chaos.yaml')}: it belongs to another user (uid ${OTHER})`,
    );
  });

  test('is used in a folder of that user', () => {
    chownSync(join(folder, 'mine'), OTHER, OTHER);
    expect(findConfigFile(join(folder, 'mine'))).toBe(join(folder, 'chaos.yaml'));
  });
});
