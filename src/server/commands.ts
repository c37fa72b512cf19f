/** Decides what each command of the server does; their arguments come from a client and are believed in nothing. */
import { type ExecuteCommandParams, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import * as z from 'zod';
import type { Finding } from '../core/domain/finding.ts';
import { type Dismissal, ruleNameOf } from '../core/review/shown.ts';
import { FIX } from '../protocol/languageServer.ts';
import { serverCommands } from './codeActions.ts';
import type { Place } from './folders.ts';
import type { Session } from './session.ts';
import { asPlainText } from './tellFinding.ts';

const OfFinding = z.tuple([z.string(), z.string()]);
const Dismissing = z.tuple([z.string(), z.string(), z.enum(['finding', 'file', 'workspace'])]);
const OfFile = z.tuple([z.string()]);

/** @throws ResponseError saying what does not fit. */
export async function executeCommand(session: Session, { command, arguments: args = [] }: ExecuteCommandParams, signal: AbortSignal): Promise<unknown> {
  switch (command) {
    case serverCommands.dismiss: {
      const [uri, id, scope] = fitting(Dismissing, args, command);
      const { place, finding } = named(session, uri, id);
      await session.readings.dismiss(place.folder, dismissalOf(finding, scope));
      session.touched(place.folder, place.path);
      return null;
    }
    case serverCommands.explain: {
      const [uri, id] = fitting(OfFinding, args, command);
      const text = asPlainText(named(session, uri, id).finding);
      void session.connection.window.showInformationMessage(text);
      return text;
    }
    case serverCommands.fix: {
      const [uri, id] = fitting(OfFinding, args, command);
      const { place: { folder, path }, finding } = named(session, uri, id);
      if (!session.client().abilities.fix) throw refused('This editor cannot start a fix from here. In the project, run: groundcrew fix "<what is wrong>" --file <path>:<line>');
      await session.connection.sendRequest(FIX, { uri, root: folder.root, path, line: finding.line, words: finding.claim });
      return null;
    }
    case serverCommands.review: return await reviewFile(session, fitting(OfFile, args, command)[0], signal);
    default: throw refused(`There is no command "${command}": use one of ${Object.values(serverCommands).join(', ')}.`);
  }
}

/** The whole file, now; somebody waits for it. */
async function reviewFile(session: Session, uri: string, signal: AbortSignal): Promise<{ readonly findings: number; readonly why: string }> {
  const place = session.folders.placeOf(uri);
  if (place === undefined) throw refused(`${uri} is no file of an open folder.`);
  const { folder, path } = place;
  const text = session.documents.get(uri)?.text ?? (await folder.files.read(path).catch((error: unknown) => {
    throw refused(error instanceof Error ? error.message : String(error));
  })).text;
  session.reviews.giveWay('a review is at work');
  try {
    const end = await session.review({ uri, root: folder.root, path, text, background: false }, signal);
    if (end.kind === 'skipped') return { findings: 0, why: end.why };
    session.readings.reviewed(folder, path, end.findings);
    session.touched(folder, path);
    return { findings: end.findings.length, why: '' };
  } finally {
    session.reviews.free();
  }
}

function dismissalOf(finding: Finding, scope: Dismissal['scope']): Dismissal {
  const rule = ruleNameOf(finding);
  switch (scope) {
    case 'finding': return { scope, id: finding.id, path: finding.path };
    case 'file': return { scope, rule, path: finding.path };
    case 'workspace': return { scope, rule };
  }
}

function named({ folders, readings }: Session, uri: string, id: string): { readonly place: Place; readonly finding: Finding } {
  const place = folders.placeOf(uri);
  const finding = place === undefined ? undefined : readings.find(place.folder, place.path, id);
  if (place === undefined || finding === undefined) throw refused('This finding is gone: its code has changed since.');
  return { place, finding };
}

function fitting<T>(schema: z.ZodType<T>, args: readonly unknown[], command: string): T {
  const parsed = schema.safeParse(args);
  if (!parsed.success) throw refused(`${command} was called with ${JSON.stringify(args).slice(0, 200)}: ${parsed.error.issues[0]?.message ?? 'it does not fit'}.`);
  return parsed.data;
}

function refused(message: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}
