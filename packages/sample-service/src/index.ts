export { defectNames } from './catalogue/catalogue.js';
