import { auth } from './auth.js';
import { cache } from './cache.js';
import { database } from './database.js';
import type { DefectEntries } from './defect-entry.js';
import { network } from './network.js';
import { resource } from './resource.js';

/** Catalogue of defects. The faulty parts of a defect are loaded when it is chosen. */
export const catalogue: DefectEntries = { ...auth, ...cache, ...database, ...network, ...resource };

/** Names of all defects, in order: the values of `DEFECT`. */
export const defectNames: readonly string[] = Object.keys(catalogue).sort();
