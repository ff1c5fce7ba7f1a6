export { defectNames } from './defects/catalogue.js';
export type { DefectName } from './defects/catalogue.js';
