/** Decides what the server knows of the texts that a client has open, whatever it sends. */
import { type Encoding, type Position, type Range, lineStarts, offsetAt, positionAt } from './positions.ts';

/** A larger text is data: nothing is read of it, and it is not kept. */
export const TEXT_CHARACTERS_MAX = 8_000_000;

export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  /** undefined: too large, or its edits were lost. */
  readonly text: string | undefined;
  offsetAt(position: Position): number;
  positionAt(offset: number): Position;
}

export interface Change {
  readonly range?: Range;
  readonly text: string;
}

export interface Documents {
  readonly all: readonly OpenDocument[];
  get(uri: string): OpenDocument | undefined;
  open(uri: string, version: number, text: string): OpenDocument;
  /** A sentence where the change could not be made; undefined: it was. */
  change(uri: string, version: number, changes: readonly Change[]): string | undefined;
  close(uri: string): boolean;
}

export function createDocuments(encoding: () => Encoding): Documents {
  const documents = new Map<string, OpenDocument>();
  const put = (uri: string, version: number, text: string | undefined): OpenDocument => {
    const made = documentOf(uri, version, text !== undefined && text.length > TEXT_CHARACTERS_MAX ? undefined : text, encoding);
    documents.set(uri, made);
    return made;
  };
  return {
    get all() {
      return [...documents.values()];
    },
    get: (uri) => documents.get(uri),
    open: put,
    change(uri, version, changes) {
      const document = documents.get(uri);
      if (document === undefined) return `A change of ${uri} came, which is not open; it was left out.`;
      if (version <= document.version) return `A change of ${uri} to version ${version} came after version ${document.version}; it was left out.`;
      let { text } = document;
      for (const { range, text: inserted } of changes) {
        if (range === undefined) text = inserted;
        else if (text !== undefined) text = edited(text, range, inserted, encoding());
      }
      put(uri, version, text);
      return undefined;
    },
    close: (uri) => documents.delete(uri),
  };
}

function edited(text: string, range: Range, inserted: string, encoding: Encoding): string {
  const starts = lineStarts(text);
  const [from, to] = [offsetAt(text, starts, range.start, encoding), offsetAt(text, starts, range.end, encoding)];
  return text.slice(0, Math.min(from, to)) + inserted + text.slice(Math.max(from, to));
}

function documentOf(uri: string, version: number, text: string | undefined, encoding: () => Encoding): OpenDocument {
  let starts: readonly number[] | undefined;
  const own = text ?? '';
  const lines = (): readonly number[] => (starts ??= lineStarts(own));
  return {
    uri, version, text,
    offsetAt: (position) => offsetAt(own, lines(), position, encoding()),
    positionAt: (offset) => positionAt(own, lines(), offset, encoding()),
  };
}
