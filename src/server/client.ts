/** Decides what the client at the other end can do, from what it says when it connects. */
import type { InitializeParams, InitializeResult } from 'vscode-languageserver/node';
import { CodeActionKind, TextDocumentSyncKind } from 'vscode-languageserver/node';
import { ClientAbilities, ReviewSettings } from '../protocol/languageServer.ts';
import { serverCommands } from './codeActions.ts';
import type { Encoding } from './positions.ts';

export interface Client {
  readonly encoding: Encoding;
  /** Asks for diagnostics itself; they are pushed to all others. */
  readonly pulls: boolean;
  readonly refreshes: boolean;
  readonly takesVersions: boolean;
  readonly makesProgress: boolean;
  readonly hasConfiguration: boolean;
  readonly tellsConfiguration: boolean;
  readonly changesFolders: boolean;
  readonly abilities: ClientAbilities;
  readonly folders: readonly string[];
  /** What its settings are until it is asked for them, and where it cannot be. */
  readonly settings: ReviewSettings;
}

export function clientOf(params: InitializeParams): Client {
  const { capabilities: { general, textDocument, workspace, window, experimental } } = params;
  const offered: unknown = experimental?.groundcrew;
  const options: unknown = params.initializationOptions;
  return {
    encoding: general?.positionEncodings?.includes('utf-8') === true && general.positionEncodings[0] === 'utf-8' ? 'utf-8' : 'utf-16',
    pulls: textDocument?.diagnostic !== undefined,
    refreshes: workspace?.diagnostics?.refreshSupport === true,
    takesVersions: workspace?.workspaceEdit?.documentChanges === true,
    makesProgress: window?.workDoneProgress === true,
    hasConfiguration: workspace?.configuration === true,
    tellsConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    changesFolders: workspace?.workspaceFolders === true,
    abilities: ClientAbilities.safeParse(offered).data ?? ClientAbilities.parse({}),
    folders: params.workspaceFolders?.map(({ uri }) => uri) ?? (typeof params.rootUri === 'string' ? [params.rootUri] : []),
    settings: settingsIn(options) ?? ReviewSettings.parse({}),
  };
}

/** From `{review: …}` or `{groundcrew: {review: …}}`, as clients send them; undefined: none, or they do not fit. */
export function settingsIn(value: unknown): ReviewSettings | undefined {
  const own = part(part(value, 'groundcrew') ?? value, 'review');
  return own === undefined ? undefined : ReviewSettings.safeParse(own).data;
}

function part(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
}

const FILES = { filters: [{ scheme: 'file', pattern: { glob: '**/*' } }] };

export function capabilitiesFor(client: Client, version: string): InitializeResult {
  return {
    serverInfo: { name: 'groundcrew', version },
    capabilities: {
      positionEncoding: client.encoding,
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: true } },
      ...(client.pulls ? { diagnosticProvider: { identifier: 'groundcrew', interFileDependencies: true, workspaceDiagnostics: false } } : {}),
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix], resolveProvider: false },
      hoverProvider: true,
      executeCommandProvider: { commands: Object.values(serverCommands), workDoneProgress: true },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true }, fileOperations: { didRename: FILES, didDelete: FILES } },
    },
  };
}
