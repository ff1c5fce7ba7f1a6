export { locateNft } from './locate-nft.js';
export type { LocateNftOptions } from './locate-nft.js';
