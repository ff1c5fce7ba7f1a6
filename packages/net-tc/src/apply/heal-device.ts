// What undo recipes of faults call, by the name of this file.
export { healDevice } from './restore-device.js';
