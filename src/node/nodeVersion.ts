/** Decides whether this Node can run the product, before anything that an older one lacks is imported. */

/** node:sqlite needs no flag from 22.13 on. */
const OLDEST = [22, 13] as const;

/** What to tell the user; undefined: this version will do. `version` as in process.versions.node. */
export function nodeVersionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
  return `This is Node ${version}; Groundcrew needs ${OLDEST.join('.')} or later, for the SQLite that keeps a run's log. Install a newer Node (https://nodejs.org) and try again.`;
}
