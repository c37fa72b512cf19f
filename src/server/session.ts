/** Decides what every part of the server shares for one client. */
import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import type { Clock } from '../core/ports.ts';
import type { Client } from './client.ts';
import type { Documents, OpenDocument } from './documents.ts';
import type { Folder, Folders, Place } from './folders.ts';
import type { Readings } from './readings.ts';
import type { SavedReviews } from './savedReviews.ts';
import type { ReviewEnd } from '../core/review/onSave.ts';
import type { ReviewAsked } from '../protocol/languageServer.ts';

export interface Session {
  readonly connection: Connection;
  readonly client: () => Client;
  readonly documents: Documents;
  readonly folders: Folders;
  readonly readings: Readings;
  readonly reviews: SavedReviews;
  readonly clock: Clock;
  /** Runs a review, by the client or by a crew of our own. */
  readonly review: (asked: ReviewAsked, signal: AbortSignal) => Promise<ReviewEnd>;
  /** A file's findings are others now. */
  readonly touched: (folder: Folder, path: string) => void;
}

/** The client no longer wants the answer. */
class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

export function signalOf(token: CancellationToken): AbortSignal {
  const stop = new AbortController();
  const cancel = (): void => stop.abort(new Cancelled('The client no longer waits for this.'));
  if (token.isCancellationRequested) cancel();
  else token.onCancellationRequested(cancel);
  return stop.signal;
}

/** The open document of a file, whatever spelling of its address the client uses. */
export function openAt({ documents, folders }: Pick<Session, 'documents' | 'folders'>, folder: Folder, path: string): OpenDocument | undefined {
  return documents.get(folder.uriOf(path)) ?? documents.all.find(({ uri }) => {
    const place = folders.placeOf(uri);
    return place?.folder === folder && place.path === path;
  });
}

export function placed({ documents, folders }: Pick<Session, 'documents' | 'folders'>, uri: string): { readonly document: OpenDocument; readonly place: Place } | undefined {
  const document = documents.get(uri);
  const place = document === undefined ? undefined : folders.placeOf(uri);
  return document === undefined || place === undefined ? undefined : { document, place };
}
