/** Decides how an offered change is taken: whole, by the hunk, edited first, or not; what is cut or edited is verified again by the core. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Store } from '../core/ports.ts';
import { short } from '../core/trace/text.ts';
import type { Word } from '../core/workflows/runContext.ts';
import type { Questions } from './approvals.ts';
import type { Handlers } from './commands.ts';
import { dropHunk, type Hunk, hunkIn, takeHunk } from './hunks.ts';
import { createProposalFiles, type OfferedFile, type ProposalFiles, SCHEMES, textOf } from './proposalFiles.ts';
import type { Run, RunBook } from './runs.ts';

type ProposalCommand = 'groundcrew.reviewChanges' | 'groundcrew.acceptChange' | 'groundcrew.rejectChange' | 'groundcrew.acceptFile' | 'groundcrew.rejectFile' | 'groundcrew.compareVersions';

export interface Proposals extends vscode.Disposable {
  readonly handlers: Pick<Handlers, ProposalCommand>;
  /** What "apply" means for this run now: the change as offered, or as the person has cut and edited it. */
  word(run: string): 'apply' | 'discard' | Exclude<Word, string>;
}

export interface ProposalParts {
  readonly book: RunBook;
  readonly questions: Questions;
  readonly store: (folder: string) => Promise<Store | undefined>;
  readonly log: vscode.LogOutputChannel;
}

interface Offer extends vscode.Disposable {
  readonly run: Run;
  readonly files: readonly OfferedFile[];
  readonly source: vscode.SourceControl;
  readonly group: vscode.SourceControlResourceGroup;
  /** Texts that were judged last, so that the same ones are not judged again. */
  judged: string;
}

export function createProposals(parts: ProposalParts): Proposals {
  const { book, questions, store, log } = parts;
  const files = createProposalFiles(book, store);
  const offers = createOffers(files, questions);
  const listening = [
    book.onDidChange((change) => {
      if (change.kind !== 'run') return;
      const { run } = change;
      const question = run.questions.find(({ kind }) => kind === 'apply');
      const offer = offers.get(run.id);
      if (offer !== undefined && (run.owner.kind !== 'here' || run.outcome !== null)) void offers.close(offer);
      else if (question !== undefined && offer === undefined) offers.open(run).catch((error: unknown) => log.error(error instanceof Error ? error : String(error)));
      else if (question?.kind === 'apply' && offer !== undefined && offer.judged !== '') void askAgain(run, question.text, questions);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      const offer = document.uri.scheme === SCHEMES.own ? offers.get(document.uri.query) : undefined;
      if (offer !== undefined) refresh(offer, files);
    }),
    vscode.window.registerFileDecorationProvider({ provideFileDecoration: (uri) => (uri.scheme === SCHEMES.own ? { badge: 'G', tooltip: 'Offered change: not in your files yet' } : undefined) }),
  ];
  return {
    word(id) {
      const offer = offers.get(id);
      return offer === undefined ? 'apply' : wordOf(offer, files);
    },
    handlers: handlersOf(book, files, offers),
    dispose: () => vscode.Disposable.from(offers, files, ...listening).dispose(),
  };
}

interface Offers extends vscode.Disposable {
  get(run: string): Offer | undefined;
  open(run: Run): Promise<void>;
  close(offer: Offer): Promise<void>;
  /** @throws Error for an address of none that is open. */
  at(uri: vscode.Uri): { readonly offer: Offer; readonly file: string };
  /** Takes or drops a part; with the last one the run goes on. */
  decide(uri: vscode.Uri, change: (taken: string, own: string) => { readonly taken: string; readonly own: string }): Promise<void>;
}

function createOffers(files: ProposalFiles, questions: Questions): Offers {
  const open = new Map<string, Offer>();
  const opening = new Set<string>();
  const at: Offers['at'] = (uri) => {
    const offer = open.get(uri.query) ?? [...open.values()].find((each) => each.files.some(({ path: file }) => path.join(each.run.folder, file) === uri.fsPath));
    const file = offer?.files.find((each) => path.join(offer.run.folder, each.path) === uri.fsPath)?.path;
    if (offer === undefined || file === undefined) throw new Error('This change is decided, or its run has ended. Its trace shows it.');
    return { offer, file };
  };
  return {
    at,
    get: (run) => open.get(run),
    async open(run) {
      if (open.has(run.id) || opening.has(run.id)) return;
      opening.add(run.id);
      try {
        const offer = makeOffer(run, await files.offered(run), files);
        if (run.owner.kind === 'here' && run.outcome === null) open.set(run.id, offer);
        else offer.dispose();
      } finally {
        opening.delete(run.id);
      }
    },
    async close(offer) {
      open.delete(offer.run.id);
      offer.dispose();
      await closeTabs(offer.run.id);
      files.forget(offer.run.id);
    },
    async decide(uri, change) {
      const { offer, file } = at(uri);
      const now = change(takenOf(offer.run, file, files), ownOf(offer.run, file, files));
      await setOwn(textOf('own', offer.run, file), now.own, files);
      files.set(textOf('taken', offer.run, file), now.taken);
      refresh(offer, files);
      if (offer.files.some((each) => takenOf(offer.run, each.path, files) !== ownOf(offer.run, each.path, files))) return;
      const question = offer.run.questions.find(({ kind }) => kind === 'apply');
      if (question !== undefined) questions.answer(question.id, wordOf(offer, files));
    },
    dispose() {
      for (const offer of open.values()) offer.dispose();
    },
  };
}

type Direction = 'accept' | 'reject';

function handlersOf(book: RunBook, files: ProposalFiles, offers: Offers): Proposals['handlers'] {
  const one = (direction: Direction) => async (target: unknown, hunks: unknown, index: unknown): Promise<void> => {
    const uri = target instanceof vscode.Uri ? target : vscode.window.activeTextEditor?.document.uri;
    if (uri?.scheme !== SCHEMES.own) throw new Error('Open a file of the offered change first (Review Changes), and put the cursor on the part that you mean.');
    const { offer, file } = offers.at(uri);
    const hunk = hunkIn(hunks, index) ?? (await hunkAtCursor(takenOf(offer.run, file, files), ownOf(offer.run, file, files)));
    await offers.decide(uri, (taken, own) => (direction === 'accept' ? { taken: takeHunk(taken, own, hunk), own } : { taken, own: dropHunk(taken, own, hunk) }));
  };
  const whole = (direction: Direction) => async (target: unknown): Promise<void> => {
    const uri = resourceOf(target);
    if (uri === undefined) throw new Error('Choose a file of the offered change in the Source Control view.');
    await offers.decide(uri, (taken, own) => (direction === 'accept' ? { taken: own, own } : { taken, own: taken }));
  };
  return {
    'groundcrew.reviewChanges': async (target) => {
      const run = await runOf(book, target);
      await showWhole(run, await files.offered(run), offers.get(run.id) === undefined ? 'offered' : 'own');
    },
    'groundcrew.acceptChange': one('accept'),
    'groundcrew.rejectChange': one('reject'),
    'groundcrew.acceptFile': whole('accept'),
    'groundcrew.rejectFile': whole('reject'),
    'groundcrew.compareVersions': async (target) => {
      const run = await runOf(book, target);
      for (const { path: file } of await files.offered(run)) {
        await vscode.commands.executeCommand('vscode.diff', textOf('offered', run, file), vscode.Uri.file(path.join(run.folder, file)), `${path.posix.basename(file)}: the crew's ↔ yours`, { preview: false });
      }
    },
  };
}

/** The Source Control view gets one entry while the change waits; hunks of its files stand in the gutter. */
function makeOffer(run: Run, offered: readonly OfferedFile[], files: ProposalFiles): Offer {
  for (const { path: file, base, text } of offered) {
    files.set(textOf('taken', run, file), base ?? '');
    files.set(textOf('own', run, file), text ?? '');
  }
  const source = vscode.scm.createSourceControl('groundcrew', 'Groundcrew');
  source.inputBox.visible = false;
  source.quickDiffProvider = { provideOriginalResource: (uri) => (uri.scheme === SCHEMES.own && uri.query === run.id ? uri.with({ scheme: SCHEMES.taken }) : undefined) };
  const group = source.createResourceGroup('ready', `Ready to review: ${short(run.title, 60)}`);
  const offer: Offer = { run, files: offered, source, group, judged: '', dispose: () => vscode.Disposable.from(group, source).dispose() };
  refresh(offer, files);
  return offer;
}

function refresh({ run, files: offered, source, group }: Offer, files: ProposalFiles): void {
  const open = offered.filter(({ path: file }) => takenOf(run, file, files) !== ownOf(run, file, files));
  group.resourceStates = open.map(({ path: file }) => ({
    resourceUri: vscode.Uri.file(path.join(run.folder, file)),
    contextValue: 'offered',
    command: { title: 'Review', command: 'vscode.open', arguments: [textOf('own', run, file)] },
    decorations: { tooltip: 'Changed by the crew, not in your files yet' },
  }));
  source.count = open.length;
}

const takenOf = (run: Run, file: string, files: ProposalFiles): string => files.get(textOf('taken', run, file)) ?? '';

/** With what is typed and not yet saved there. */
function ownOf(run: Run, file: string, files: ProposalFiles): string {
  const uri = textOf('own', run, file);
  return openDocument(uri)?.getText() ?? files.get(uri) ?? '';
}

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === uri.toString());
}

async function setOwn(uri: vscode.Uri, text: string, files: ProposalFiles): Promise<void> {
  const document = openDocument(uri);
  if (document === undefined) {
    files.set(uri, text);
    return;
  }
  if (document.getText() !== text) {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length)), text);
    await vscode.workspace.applyEdit(edit);
  }
  await document.save();
}

/** The offer itself is proven already; anything else goes to the core as whole texts. */
function wordOf(offer: Offer, files: ProposalFiles): 'apply' | 'discard' | Exclude<Word, string> {
  const own = offer.files.map(({ path: file, base, text }) => ({ file, base, offered: text, text: ownOf(offer.run, file, files) }));
  if (own.every(({ text, offered }) => text === (offered ?? ''))) return 'apply';
  if (own.every(({ text, base }) => text === (base ?? ''))) return 'discard';
  const texts = own.map(({ file, base, offered, text }) => [file, text === '' && (offered === null || base === null) ? null : text] as const);
  const key = JSON.stringify(texts);
  if (key === offer.judged) return 'apply';
  offer.judged = key;
  return { texts: new Map(texts) };
}

async function askAgain(run: Run, text: string, questions: Questions): Promise<void> {
  const [head = ''] = text.split('\n', 1);
  const choices = { same: 'Write It All the Same', edit: 'Keep Editing', discard: 'Discard Run' };
  const picked = await vscode.window.showWarningMessage(`${head.replace(/:$/u, '.')} Your files are unchanged.`, choices.edit, choices.same, choices.discard);
  const question = run.questions.find(({ kind }) => kind === 'apply');
  if (question === undefined) return;
  if (picked === choices.same) questions.answer(question.id, 'apply');
  if (picked === choices.discard) questions.answer(question.id, 'discard');
  if (picked === choices.edit) await vscode.commands.executeCommand('groundcrew.reviewChanges', { run: run.id });
}

async function showWhole(run: Run, offered: readonly OfferedFile[], right: 'own' | 'offered'): Promise<void> {
  const rows = offered.map(({ path: file, base, text }) => [vscode.Uri.file(path.join(run.folder, file)), base === null ? undefined : textOf('base', run, file), text === null && right === 'offered' ? undefined : textOf(right, run, file)]);
  await vscode.commands.executeCommand('vscode.changes', `${right === 'own' ? 'Ready to review' : 'Change'}: ${short(run.title, 60)}`, rows);
}

async function closeTabs(run: string): Promise<void> {
  const isOurs = (uri: vscode.Uri): boolean => uri.query === run && (uri.scheme === SCHEMES.own || uri.scheme === SCHEMES.taken);
  for (const document of vscode.workspace.textDocuments) if (isOurs(document.uri) && document.isDirty) await document.save(); // or the editor would ask about a file that is gone
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(({ input, label }) => {
    if (input instanceof vscode.TabInputText) return isOurs(input.uri);
    if (input instanceof vscode.TabInputTextDiff) return isOurs(input.modified) || isOurs(input.original);
    return label.startsWith('Ready to review: '); // the editor does not say what such a tab compares
  });
  await vscode.window.tabGroups.close(tabs, true);
}

/** The part of the change on which the cursor stands, or the first one. */
async function hunkAtCursor(taken: string, own: string): Promise<Hunk> {
  const { structuredPatch } = await import('diff');
  const line = (vscode.window.activeTextEditor?.selection.active.line ?? 0) + 1;
  const hunks = structuredPatch('', '', taken, own, undefined, undefined, { context: 0 }).hunks.map(({ oldStart, oldLines, newStart, newLines }): Hunk => ({
    originalStartLineNumber: oldLines === 0 ? oldStart - 1 : oldStart, originalEndLineNumber: oldLines === 0 ? 0 : oldStart + oldLines - 1,
    modifiedStartLineNumber: newLines === 0 ? newStart - 1 : newStart, modifiedEndLineNumber: newLines === 0 ? 0 : newStart + newLines - 1,
  }));
  const found = hunks.find((hunk) => line >= hunk.modifiedStartLineNumber && line <= Math.max(hunk.modifiedStartLineNumber, hunk.modifiedEndLineNumber)) ?? hunks[0];
  if (found === undefined) throw new Error('Every part of this file is decided.');
  return found;
}

/** A row of the Source Control view, or an address. */
function resourceOf(value: unknown): vscode.Uri | undefined {
  if (value instanceof vscode.Uri) return value;
  return typeof value === 'object' && value !== null && 'resourceUri' in value && value.resourceUri instanceof vscode.Uri ? value.resourceUri : undefined;
}

/** The run that was named, the one that waits for a word, or the newest that changed something. */
async function runOf(book: RunBook, target: unknown): Promise<Run> {
  const named: unknown = typeof target === 'object' && target !== null && 'run' in target ? target.run : target;
  const id = typeof named === 'string' ? named : typeof named === 'object' && named !== null && 'id' in named ? String(named.id) : undefined;
  if (id === undefined) await book.refresh();
  const run = id === undefined ? (book.all.find(({ questions }) => questions.some(({ kind }) => kind === 'apply')) ?? book.all.find(({ outcome }) => outcome?.patch != null)) : book.get(id);
  if (run === undefined) throw new Error(id === undefined ? 'No run of the open folders has a change to look at. Start one with Fix This Bug.' : `There is no run "${id}" in the open folders.`);
  return run;
}
