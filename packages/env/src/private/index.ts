export { assertTrusted } from './assert-trusted.js';
export { homeFolder } from './home-folder.js';
export { otherOwner } from './other-owner.js';
export { isTrustedOwner } from './owner.js';
export { openPrivateFile, readPrivateFile } from './private-file.js';
export { listPrivateFolder, privateFolder } from './private-folder.js';
