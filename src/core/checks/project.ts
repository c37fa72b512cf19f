/** Decides what analysis sees of the workspace: paths and texts, read through a role's tools and nothing else. */
import type { TextFile } from '../domain/patch.ts';
import type { Syntax } from '../ports.ts';

export interface Project {
  /** Not ignored, sorted, at most the host's limit. */
  readonly paths: readonly string[];
  readonly syntax: Syntax;
  /** undefined: absent, refused, binary or too big. Cached within the run. */
  read(path: string): Promise<TextFile | undefined>;
}
