import { catalogue, defectNames, isDefectName } from './catalogue.js';
import { SettingsError } from '../settings.js';
import { healthyParts, type Parts } from '../composition/parts.js';

/**
 * The healthy parts, with those of the named defect in their place.
 * @throws SettingsError that lists the names when there is no such defect.
 */
export async function chooseParts(defectName: string | undefined): Promise<Parts> {
  if (defectName === undefined) return healthyParts;
  if (!isDefectName(defectName))
    throw new SettingsError([`DEFECT must be one of ${defectNames.join(', ')}, not "${defectName}"`]);
  const { defect } = await catalogue[defectName].load();
  return { ...healthyParts, ...defect };
}
