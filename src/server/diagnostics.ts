/** Decides how findings reach the client: asked for where it asks, else pushed a moment after the last change. */
import { type Diagnostic, type DocumentDiagnosticReport, DocumentDiagnosticReportKind } from 'vscode-languageserver/node';
import type { Finding } from '../core/domain/finding.ts';
import type { Hashing } from '../core/ports.ts';
import type { OpenDocument } from './documents.ts';
import type { Folder } from './folders.ts';
import { openAt, placed, type Session } from './session.ts';
import { diagnosticOf, rangeOf, rangeUnread } from './tellFinding.ts';

/** Typing goes on faster than that. */
const PUSH_AFTER_MS = 150;

export interface Diagnostics {
  opened(document: OpenDocument): void;
  changed(document: OpenDocument): void;
  closed(uri: string): void;
  touched(folder: Folder, path: string): void;
  /** Everything again: settings or dismissals are others. */
  all(): void;
  pull(uri: string, previous: string | undefined, signal: AbortSignal): Promise<DocumentDiagnosticReport>;
}

export type DiagnosticsParts = Omit<Session, 'touched' | 'reviews'>;

export function createDiagnostics(session: DiagnosticsParts, hashing: Hashing): Diagnostics {
  const { connection, client, clock, readings } = session;
  const waiting = new Map<string, AbortController>();

  const push = (uri: string, afterMs: number): void => {
    waiting.get(uri)?.abort();
    const mine = new AbortController();
    waiting.set(uri, mine);
    void (async () => {
      await clock.delay(afterMs, mine.signal);
      const found = placed(session, uri);
      if (found === undefined) return;
      const findings = await readings.of(found.document, found.place, mine.signal);
      mine.signal.throwIfAborted();
      await connection.sendDiagnostics({ uri, version: found.document.version, diagnostics: toDiagnostics(findings, found.document) });
    })().catch((error: unknown) => {
      if (!mine.signal.aborted) connection.console.error(`${uri} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }).finally(() => waiting.get(uri) === mine && waiting.delete(uri));
  };
  const refresh = (): void => {
    if (client().refreshes) connection.languages.diagnostics.refresh().catch(() => undefined); // a client that has gone
  };
  return {
    opened(document) {
      if (client().pulls) void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] }); // what was pushed while it was closed
      else push(document.uri, 0);
    },
    changed: (document) => void (client().pulls || push(document.uri, PUSH_AFTER_MS)),
    closed(uri) {
      waiting.get(uri)?.abort();
      if (!client().pulls) void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
    touched(folder, path) {
      const open = openAt(session, folder, path);
      if (open === undefined) void connection.sendDiagnostics({ uri: folder.uriOf(path), diagnostics: readings.ofClosed(folder, path).map((finding) => diagnosticOf(finding, rangeUnread(finding))) });
      else if (client().pulls) refresh();
      else push(open.uri, 0);
    },
    all() {
      if (client().pulls) refresh();
      else for (const { uri } of session.documents.all) push(uri, 0);
    },
    async pull(uri, previous, signal) {
      const found = placed(session, uri);
      const items = found === undefined ? [] : toDiagnostics(await readings.of(found.document, found.place, signal), found.document);
      const resultId = hashing.sha256(JSON.stringify(items)).slice(0, 16);
      return resultId === previous ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId } : { kind: DocumentDiagnosticReportKind.Full, resultId, items };
    },
  };
}

function toDiagnostics(findings: readonly Finding[], document: OpenDocument): Diagnostic[] {
  return findings.map((finding) => diagnosticOf(finding, rangeOf(finding, document)));
}
