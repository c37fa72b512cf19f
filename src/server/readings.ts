/** Decides what is known of each file: what the rules say of its text now, and what the last review said, minus what was dismissed. */
import type { Finding } from '../core/domain/finding.ts';
import type { Hashing } from '../core/ports.ts';
import { type Dismissal, shownFindings } from '../core/review/shown.ts';
import { readByRules } from '../core/workflows/readByRules.ts';
import type { ReviewSettings } from '../protocol/languageServer.ts';
import type { OpenDocument } from './documents.ts';
import type { Folder, Place } from './folders.ts';

export interface Readings {
  /** What is shown of an open document as it is now; the rules read it where they have not. */
  of(document: OpenDocument, place: Place, signal: AbortSignal): Promise<readonly Finding[]>;
  /** What a review found; it takes the place of what the one before found in this file. */
  reviewed(folder: Folder, path: string, findings: readonly Finding[]): void;
  /** Findings of a file that is not open, at the places of the review. */
  ofClosed(folder: Folder, path: string): readonly Finding[];
  find(folder: Folder, path: string, id: string): Finding | undefined;
  dismiss(folder: Folder, dismissal: Dismissal): Promise<void>;
  forget(folder: Folder, path: string): void;
}

interface Known {
  /** Of the text that they were read from; undefined: not yet. */
  text: string | undefined;
  ruled: readonly Finding[];
  /** The rules could read the text. */
  isWhole: boolean;
  reviewed: readonly Finding[];
}

export function createReadings(settings: (folder: Folder) => ReviewSettings, hashing: Hashing): Readings {
  const known = new Map<string, Known>();
  const dismissals = new Map<string, readonly Dismissal[]>();
  const entry = (folder: Folder, path: string): Known => {
    const key = `${folder.root}\0${path}`;
    const found = known.get(key) ?? { text: undefined, ruled: [], isWhole: false, reviewed: [] };
    known.set(key, found);
    return found;
  };
  const loadDismissals = async (folder: Folder): Promise<void> => {
    if (!dismissals.has(folder.root)) dismissals.set(folder.root, await folder.memory.dismissals());
  };
  const shown = (folder: Folder, { ruled, isWhole, reviewed }: Known, text: string): readonly Finding[] => {
    const now = new Set(ruled.map(({ id }) => id));
    // A rule that says it no longer knows better than an older review; what parses no more keeps what was said.
    const still = reviewed.filter(({ rule, id }) => rule === undefined || !isWhole || now.has(id));
    const { minSeverity, maxFindings } = settings(folder);
    return shownFindings([...still, ...ruled], text, { dismissals: dismissals.get(folder.root) ?? [], minSeverity, max: maxFindings });
  };
  return {
    async of(document, { folder, path }, signal) {
      const { text } = document;
      if (text === undefined) return [];
      await loadDismissals(folder);
      const mine = entry(folder, path);
      if (mine.text !== text) {
        const reading = await readByRules(await folder.project(), { path, text }, hashing, signal);
        signal.throwIfAborted();
        mine.isWhole = reading.unread === undefined;
        if (reading.unread?.broken !== true) mine.ruled = reading.findings;
        mine.text = text;
      }
      return shown(folder, mine, text);
    },
    reviewed(folder, path, findings) {
      entry(folder, path).reviewed = findings;
    },
    ofClosed(folder, path) {
      const { minSeverity, maxFindings } = settings(folder);
      const { reviewed } = entry(folder, path);
      // Without a text nothing can have moved: each line holds what it was anchored to.
      const lines: string[] = [];
      for (const { line, anchor } of reviewed) lines[line - 1] = anchor ?? '';
      return shownFindings(reviewed, Array.from(lines, (line) => line ?? '').join('\n'), { dismissals: dismissals.get(folder.root) ?? [], minSeverity, max: maxFindings });
    },
    find(folder, path, id) {
      const { ruled, reviewed } = entry(folder, path);
      return reviewed.find((one) => one.id === id) ?? ruled.find((one) => one.id === id);
    },
    async dismiss(folder, dismissal) {
      await loadDismissals(folder);
      await folder.memory.dismiss(dismissal);
      dismissals.set(folder.root, [...(dismissals.get(folder.root) ?? []), dismissal]);
    },
    forget: (folder, path) => void known.delete(`${folder.root}\0${path}`),
  };
}
