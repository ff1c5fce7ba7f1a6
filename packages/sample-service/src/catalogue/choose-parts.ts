import { catalogue, defectNames } from './catalogue.js';
import { SettingsError } from '../settings.js';
import { healthyParts, type Parts } from '../composition/parts.js';

/**
 * The healthy parts, with those of the named defect in their place.
 * @throws SettingsError that lists the names when there is no such defect.
 */
export async function chooseParts(defectName: string | undefined): Promise<Parts> {
  if (defectName === undefined) return healthyParts;
  const entry = Object.hasOwn(catalogue, defectName) ? catalogue[defectName] : undefined;
  if (entry === undefined)
    throw new SettingsError([`DEFECT must be one of ${defectNames.join(', ')}, not "${defectName}"`]);
  const { defect } = await entry.load();
  return { ...healthyParts, ...defect };
}
