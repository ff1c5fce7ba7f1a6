// Undo recipes call this export by the name of this file.
export { healDevice } from './restore-device.js';
