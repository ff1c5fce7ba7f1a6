import { expect, it } from 'vitest';
import { hardwareProfile } from './hardware-profile.js';

it.each([
  [8, 16, 'high'],
  [7.9, 16, 'medium'],
  [8, 15.9, 'medium'],
  [4, 8, 'medium'],
  [3.5, 64, 'low'],
  [64, 7.9, 'low'],
  [0.25, 0.5, 'low'],
])('hardwareProfile() of %s CPUs and %s GiB is %s', (usableCpus, gib, profile) => {
  expect(hardwareProfile({ usableCpus, usableMemoryBytes: gib * 2 ** 30 })).toBe(profile);
});
