export { assertTrusted } from './assert-trusted.js';
export { openPrivateFile, readPrivateFile, writePrivateFile } from './private-file.js';
export { listPrivateFolder, privateFolder } from './private-folder.js';
