/** Decides how the editor speaks to our language server: a process of its own, begun when first needed and begun again when it falls. */
import * as vscode from 'vscode';
import { CloseAction, ErrorAction, type ErrorHandler, LanguageClient, type StaticFeature, State, TransportKind } from 'vscode-languageclient/node';
import type { ReviewEnd } from '../core/review/onSave.ts';
import { type ClientAbilities, FINDINGS, FIX, FixAsked, type FindingsTold, GIVE_WAY, REVIEW, ReviewAsked, STATE, StateTold } from '../protocol/languageServer.ts';

export interface LanguageParts {
  readonly extension: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly review: (asked: ReviewAsked, signal: AbortSignal) => Promise<ReviewEnd>;
  readonly fix: (asked: FixAsked) => void;
  readonly state: (told: StateTold) => void;
}

export interface Language {
  findings(told: FindingsTold): void;
  /** null: no run is at work any more. */
  giveWay(why: string | null): void;
  stop(): Promise<void>;
}

const LANGUAGES = ['javascript', 'javascriptreact', 'typescript', 'typescriptreact', 'python', 'go'];
/** Before it is begun again: the first time at once, then rarer. */
const RESTART_AFTER_MS = [0, 1_000, 5_000, 20_000, 60_000];
/** Falls that lie further back are forgotten. */
const REMEMBERED_MS = 10 * 60_000;
const TOLD_AT = 3;
const STOP_MS = 4_000;

export async function startLanguageClient(parts: LanguageParts): Promise<Language> {
  const module = vscode.Uri.joinPath(parts.extension, 'dist', 'server.js').fsPath;
  const client = new LanguageClient('groundcrew.findings', 'Groundcrew Findings', { module, transport: TransportKind.ipc }, {
    documentSelector: LANGUAGES.map((language) => ({ scheme: 'file', language })),
    diagnosticCollectionName: 'groundcrew',
    outputChannel: parts.log,
    errorHandler: restarting(parts.log),
  });
  client.registerFeature(abilities({ review: true, fix: true, state: true }));
  client.onRequest<ReviewEnd, void>(REVIEW, async (params: unknown, token: vscode.CancellationToken) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort(new Error('The file was saved again, or a run has begun.')));
    return await parts.review(ReviewAsked.parse(params), stop.signal);
  });
  client.onRequest(FIX, (params: unknown) => {
    parts.fix(FixAsked.parse(params));
    return null;
  });
  client.onNotification(STATE, (params: unknown) => parts.state(StateTold.parse(params)));
  // What we told it ourselves is not in its memory: a server that begins again is told again.
  const told = new Map<string, FindingsTold>();
  let way: string | null = null;
  const send = (method: string, params: object): void => {
    if (client.state === State.Running) client.sendNotification(method, params).catch((error: unknown) => parts.log.debug(`${method}: ${String(error)}`)); // it has fallen; the next one is told again
  };
  client.onDidChangeState(({ newState }) => {
    if (newState !== State.Running) return;
    send(GIVE_WAY, { why: way });
    for (const each of told.values()) send(FINDINGS, each);
  });
  await client.start();
  return {
    findings(findings) {
      told.set(findings.root, findings);
      send(FINDINGS, findings);
    },
    giveWay(why) {
      way = why;
      send(GIVE_WAY, { why });
    },
    stop: async () => await client.dispose(STOP_MS),
  };
}

function abilities(own: ClientAbilities): StaticFeature {
  return {
    fillClientCapabilities(capabilities) {
      capabilities.experimental = { ...capabilities.experimental, groundcrew: own };
    },
    initialize: () => undefined,
    getState: () => ({ kind: 'static' }),
    clear: () => undefined,
  };
}

/** Open documents are told to the next server by the library, what was reviewed it finds in its memory. */
function restarting(log: vscode.LogOutputChannel): ErrorHandler {
  let falls: number[] = [];
  return {
    error: () => ({ action: ErrorAction.Continue, handled: true }),
    async closed() {
      falls = [...falls.filter((at) => Date.now() - at < REMEMBERED_MS), Date.now()];
      const wait = RESTART_AFTER_MS[Math.min(falls.length, RESTART_AFTER_MS.length) - 1] ?? 0;
      log.warn(`The language server has ended unexpectedly (${falls.length} in ten minutes); it begins again in ${wait / 1_000} s.`);
      if (falls.length === TOLD_AT) {
        void vscode.window.showWarningMessage('The part of Groundcrew that shows findings has crashed three times. It is started again; fixing is not affected. The log says more.', 'Show Log').then((picked) => picked === 'Show Log' && log.show());
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
      return { action: CloseAction.Restart, handled: true };
    },
  };
}
