/** A server that can be run. */
export interface RedisProgram {
  readonly executable: string;
  /** Folders for `LD_LIBRARY_PATH`; empty for one that the system installed. */
  readonly libraryFolders: readonly string[];
}
