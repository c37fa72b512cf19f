/** Decides how events travel to the store's thread and lie in its file: many as one string, which crosses far faster than a thousand objects. */

/** JSON never holds a raw line break inside, so this is found nowhere else; between brackets the text is a JSON array. */
export const EVENTS_BETWEEN = ',\n';

/** Events of one run that follow each other. */
export interface Chunk {
  readonly run: string;
  readonly startedAt: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** As JSON with EVENTS_BETWEEN. */
  readonly body: string;
}

export function firstOf(body: string): string {
  const end = body.indexOf(EVENTS_BETWEEN);
  return end === -1 ? body : body.slice(0, end);
}

export function lastOf(body: string): string {
  const before = body.lastIndexOf(EVENTS_BETWEEN);
  return before === -1 ? body : body.slice(before + EVENTS_BETWEEN.length);
}
