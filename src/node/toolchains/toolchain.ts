/** Decides what a language must say about a machine so that its checks run in the sandbox. */

/** What a toolchain may look at; nothing in it is written. */
export interface Site {
  readonly root: string;
  readonly home: string;
  /** The user's own environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Real paths of the user's PATH folders (userPath.ts). */
  readonly path: readonly string[];
  /** Ours, kept between runs: build caches that are expensive to make and hashed by content. */
  readonly cacheFolder: string;
}

export interface Needs {
  /** Absolute paths shown read-only; those that do not exist are skipped. Never a folder with credentials in it. */
  readonly readOnly: readonly string[];
  /** Absolute paths below `cacheFolder`, made and writable. */
  readonly writable: readonly string[];
  /** Small files of ours in the private home: path below home → text. They stand in for the user's own, which may hold tokens. */
  readonly homeFiles: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

export type Toolchain = (site: Site) => Needs;

/** The user's own value of a variable when it is an absolute path, else the default. */
export const folderFrom = (site: Site, name: string, otherwise: string): string => {
  const value = site.env[name];
  return value?.startsWith('/') ? value : otherwise;
};
