/** Decides how the language server is put together: one connection, its documents, folders, rules and reviews. */
import { type CancellationToken, type Connection, createConnection, DidChangeConfigurationNotification, ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { Readable, Writable } from 'node:stream';
import type { Finding } from '../core/domain/finding.ts';
import { createClock } from '../node/clock.ts';
import { hashing } from '../node/hashing.ts';
import { createSyntax } from '../node/syntax.ts';
import { FINDINGS, FindingsTold, GIVE_WAY, GiveWay, REVIEW, ReviewAnswer, type ReviewAsked, ReviewSettings, STATE } from '../protocol/languageServer.ts';
import { capabilitiesFor, type Client, clientOf, settingsIn } from './client.ts';
import { codeActions, serverCommands } from './codeActions.ts';
import { executeCommand } from './commands.ts';
import { createDiagnostics, type Diagnostics } from './diagnostics.ts';
import { createDocuments, type OpenDocument } from './documents.ts';
import { createFolders, type Folder } from './folders.ts';
import { type OwnReviewOptions, reviewByOwnCrew } from './ownReviews.ts';
import { createReadings } from './readings.ts';
import { createSavedReviews } from './savedReviews.ts';
import { placed, type Session, signalOf } from './session.ts';
import { asMarkdown, rangeOf } from './tellFinding.ts';

export interface ServeOptions extends OwnReviewOptions {
  readonly version: string;
  /** Left out: what the command line names (`--stdio`, `--node-ipc`). */
  readonly streams?: { readonly input: Readable; readonly output: Writable };
}

/** The process ends when the client says so, or is gone. */
export function serve(options: ServeOptions): void {
  const connection = options.streams === undefined ? createConnection() : createConnection(options.streams.input, options.streams.output);
  const { session, diagnostics, settings } = openSession(connection, options);
  handleLife(session, diagnostics, settings, options.version);
  handleDocuments(session, diagnostics);
  handleRequests(session, diagnostics);
  connection.listen();
}

interface SettingsBook {
  of(folder: Folder): ReviewSettings;
  begin(client: Client): void;
  /** Asks the client again; `told` is what it sent along. */
  renew(told?: unknown): Promise<void>;
}

interface Opened {
  readonly session: Session & { client: () => Client; begin(client: Client): void };
  readonly diagnostics: Diagnostics;
  readonly settings: SettingsBook;
}

function openSession(connection: Connection, options: ServeOptions): Opened {
  let client: Client | undefined;
  const now = (): Client => {
    if (client === undefined) throw new ResponseError(ErrorCodes.ServerNotInitialized, 'The client has not connected yet: initialize comes first.');
    return client;
  };
  const clock = createClock();
  const syntax = createSyntax();
  const documents = createDocuments(() => client?.encoding ?? 'utf-16');
  const folders = createFolders({ syntax, openText: (uri) => documents.get(uri)?.text, onFault: (message) => connection.console.warn(message) });
  const settings = createSettings(connection, folders, now);
  const readings = createReadings(settings.of, hashing);
  const review = async (asked: ReviewAsked, signal: AbortSignal): ReturnType<Session['review']> => {
    if (!now().abilities.review) return await reviewByOwnCrew(asked, options, signal);
    return ReviewAnswer.parse(await connection.sendRequest(REVIEW, asked, tokenOf(signal)));
  };
  const parts = { connection, client: now, documents, folders, readings, clock, review };
  const diagnostics = createDiagnostics(parts, hashing);
  const reviews = createSavedReviews({
    clock, hashing, syntax, settings: settings.of, run: review,
    publish(folder, path, findings) {
      readings.reviewed(folder, path, findings);
      diagnostics.touched(folder, path);
    },
    tell(folder, path, { kind, word }) {
      if (kind === 'skipped') connection.console.info(`${path} was not reviewed: ${word}.`);
      if (now().abilities.state) void connection.sendNotification(STATE, { uri: folder.uriOf(path), kind, word, findings: readings.ofClosed(folder, path).length });
    },
  });
  const begin = (connected: Client): void => {
    client = connected;
    folders.set(connected.folders);
    settings.begin(connected);
  };
  return { session: { ...parts, reviews, touched: diagnostics.touched, begin }, diagnostics, settings };
}

function createSettings(connection: Connection, folders: Session['folders'], client: () => Client): SettingsBook {
  let shared = ReviewSettings.parse({});
  const own = new Map<string, ReviewSettings>();
  const parse = (value: unknown): ReviewSettings => {
    const parsed = ReviewSettings.safeParse(value ?? {});
    if (!parsed.success) connection.console.warn(`The settings of groundcrew.review do not fit (${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}); what is built in holds.`);
    return parsed.data ?? ReviewSettings.parse({});
  };
  return {
    of: (folder) => own.get(folder.root) ?? shared,
    begin(connected) {
      shared = connected.settings;
    },
    async renew(told) {
      const sent = settingsIn(part(told));
      if (sent !== undefined) shared = sent;
      if (!client().hasConfiguration) return;
      for (const folder of folders.all) {
        const value: unknown = await connection.workspace.getConfiguration({ scopeUri: folder.uriOf('').replace(/\/$/, ''), section: 'groundcrew.review' });
        if (value !== null && value !== undefined) own.set(folder.root, parse(value));
      }
    },
  };
}

function part(told: unknown): unknown {
  return typeof told === 'object' && told !== null && 'settings' in told ? told.settings : undefined;
}

function handleLife(session: Opened['session'], diagnostics: Diagnostics, settings: SettingsBook, version: string): void {
  const { connection, reviews, folders } = session;
  connection.onInitialize((params) => {
    const client = clientOf(params);
    session.begin(client);
    return capabilitiesFor(client, version);
  });
  connection.onInitialized(async () => {
    const client = session.client();
    if (client.tellsConfiguration) await connection.client.register(DidChangeConfigurationNotification.type, { section: 'groundcrew.review' });
    if (client.changesFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        folders.change(added.map(({ uri }) => uri), removed.map(({ uri }) => uri));
        void settings.renew().then(diagnostics.all);
      });
    }
    await settings.renew();
    diagnostics.all();
  });
  connection.onDidChangeConfiguration(async (params) => {
    await settings.renew(params);
    diagnostics.all();
  });
  connection.onShutdown(async () => {
    reviews[Symbol.dispose]();
    await reviews.settled();
  });
  connection.onNotification(GIVE_WAY, (params: unknown) => {
    const parsed = GiveWay.safeParse(params);
    if (!parsed.success) return;
    if (parsed.data.why === null) reviews.free();
    else reviews.giveWay(parsed.data.why);
  });
  connection.onNotification(FINDINGS, (params: unknown) => {
    const parsed = FindingsTold.safeParse(params);
    const folder = parsed.success ? folders.at(parsed.data.root) : undefined;
    if (!parsed.success || folder === undefined) return;
    for (const path of new Set([...parsed.data.paths, ...parsed.data.findings.map((finding) => finding.path)])) {
      session.readings.reviewed(folder, path, parsed.data.findings.filter((finding) => finding.path === path));
      diagnostics.touched(folder, path);
    }
  });
}

function handleDocuments(session: Session, diagnostics: Diagnostics): void {
  const { connection, documents, folders, reviews, readings } = session;
  connection.onDidOpenTextDocument(({ textDocument: { uri, version, text } }) => {
    const document = documents.open(uri, version, text);
    const place = folders.placeOf(uri);
    if (place !== undefined && document.text !== undefined) reviews.opened(place, document.text);
    diagnostics.opened(document);
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const fault = documents.change(uri, version, contentChanges);
    if (fault !== undefined) connection.console.warn(fault);
    const document = documents.get(uri);
    if (document !== undefined && fault === undefined) diagnostics.changed(document);
  });
  connection.onDidSaveTextDocument(({ textDocument: { uri }, text }) => {
    const place = folders.placeOf(uri);
    const saved = text ?? documents.get(uri)?.text;
    if (place !== undefined && saved !== undefined) reviews.saved(place, saved);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    documents.close(uri);
    diagnostics.closed(uri);
  });
  const gone = (uri: string): void => {
    const place = folders.placeOf(uri);
    if (place === undefined) return;
    reviews.gone(place);
    readings.forget(place.folder, place.path);
    void place.folder.memory.forget(place.path);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  };
  connection.workspace.onDidRenameFiles(({ files }) => {
    for (const { oldUri } of files) gone(oldUri);
  });
  connection.workspace.onDidDeleteFiles(({ files }) => {
    for (const { uri } of files) gone(uri);
  });
}

function handleRequests(session: Session, diagnostics: Diagnostics): void {
  const { connection, client, readings } = session;
  connection.languages.diagnostics.on(async ({ textDocument: { uri }, previousResultId }, token) => await answered(client, token, (signal) => diagnostics.pull(uri, previousResultId, signal)));
  /** The rules may have to read first; no model is ever asked here. */
  const known = async (uri: string, signal: AbortSignal): Promise<{ readonly document: OpenDocument; readonly findings: readonly Finding[] } | undefined> => {
    const found = placed(session, uri);
    return found === undefined ? undefined : { document: found.document, findings: await readings.of(found.document, found.place, signal) };
  };
  connection.onCodeAction(async ({ textDocument: { uri }, range, context }, token) => await answered(client, token, async (signal) => {
    const found = await known(uri, signal);
    return found === undefined ? [] : [...codeActions({ ...found, range, only: context.only, canFix: client().abilities.fix, takesVersions: client().takesVersions })];
  }));
  connection.onHover(async ({ textDocument: { uri }, position: { line } }, token) => await answered(client, token, async (signal) => {
    const found = await known(uri, signal);
    const here = found?.findings.filter((finding) => {
      const { start, end } = rangeOf(finding, found.document);
      return line >= start.line && line <= end.line;
    }) ?? [];
    return here.length === 0 ? null : { contents: { kind: 'markdown' as const, value: here.map(asMarkdown).join('\n\n---\n\n') } };
  }));
  connection.onExecuteCommand(async (params, token, attached) => await answered(client, token, async (signal) => {
    const isLong = params.command === serverCommands.review;
    const shown = isLong && client().makesProgress ? await connection.window.createWorkDoneProgress() : undefined;
    const progress = shown ?? attached;
    if (isLong) progress.begin('Groundcrew: reviewing', undefined, undefined, true);
    try {
      return await executeCommand(session, params, shown === undefined ? signal : AbortSignal.any([signal, signalOf(shown.token)]));
    } finally {
      if (isLong) progress.done();
    }
  }));
}

/** None before the client has connected. A cancelled request is answered as the protocol says, whatever its work threw meanwhile. */
async function answered<T>(client: () => Client, token: CancellationToken, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  client();
  const signal = signalOf(token);
  try {
    return await work(signal);
  } catch (error) {
    if (signal.aborted) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled by the client.');
    throw error;
  }
}

/** For a request of ours: aborting cancels it at the client. */
function tokenOf(signal: AbortSignal): CancellationToken {
  return {
    get isCancellationRequested() {
      return signal.aborted;
    },
    onCancellationRequested(listener) {
      const call = (): void => listener(undefined);
      signal.addEventListener('abort', call, { once: true });
      return { dispose: () => signal.removeEventListener('abort', call) };
    },
  };
}
