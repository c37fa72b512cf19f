/** Decides which runs the open folders have: each is one fold of its log, and everything that shows runs listens here. */
import * as vscode from 'vscode';
import type { FixRequest, RunEvent } from '../core/domain/event.ts';
import type { Outcome } from '../core/domain/outcome.ts';
import type { ApprovalRequest, Store } from '../core/ports.ts';
import { applyEvent, RunFold, type RunView } from '../core/run/view.ts';

export type RunState = 'needs-you' | 'running' | 'ready' | 'done' | 'failed' | 'stopped' | 'interrupted';

/** What a run waits for a person to answer. `approval`: may a call be made; `apply`: is the chosen change to be written; `plan`: is it to go on by this plan. */
export type Question =
  | { readonly kind: 'approval'; readonly id: string; readonly request: ApprovalRequest }
  /** `text`: the change and what is known of it, as the core asks. */
  | { readonly kind: 'apply'; readonly id: string; readonly text: string }
  /** `document`: the checklist that can be edited. */
  | { readonly kind: 'plan'; readonly id: string; readonly document: vscode.Uri };

export type Owner =
  /** This window runs it. */
  | { readonly kind: 'here' }
  /** Another window or the command line does: it is shown and not touched. */
  | { readonly kind: 'elsewhere'; readonly pid: number; readonly host: string }
  | { readonly kind: 'nobody' };

export interface Run {
  readonly id: string;
  /** Absolute path of its workspace folder. */
  readonly folder: string;
  readonly request: FixRequest | null;
  readonly title: string;
  readonly startedAt: number;
  readonly state: RunState;
  readonly owner: Owner;
  readonly outcome: Outcome | null;
  /** Open questions, oldest first; only of runs in this window. */
  readonly questions: readonly Question[];
  /** Fold of the whole log: there from the start for a run of this window, after `load` for any other. Advanced in place. */
  readonly view: RunView | null;
  /** In order; empty until there is a view. */
  readonly events: readonly RunEvent[];
}

export type RunChange =
  /** One more event of a run whose view is there; the view has it already. */
  | { readonly kind: 'event'; readonly run: Run; readonly event: RunEvent }
  /** State, owner, questions or view changed. */
  | { readonly kind: 'run'; readonly run: Run }
  /** Runs came or went. */
  | { readonly kind: 'list' }
  /** Another run is the one that panels show. */
  | { readonly kind: 'shown' };

export interface Runs {
  readonly onDidChange: vscode.Event<RunChange>;
  /** Newest first, of all folders. Empty until the first `refresh`. */
  readonly all: readonly Run[];
  /** What LIVE RUN shows: chosen by the user, else the newest of this window, else the newest. */
  readonly shown: Run | undefined;
  get(id: string): Run | undefined;
  show(id: string): void;
  /** Reads the log unless the view is there. @throws StoreFailed; Error for an unknown run. */
  load(id: string): Promise<RunView>;
  /** Looks again at what other windows and the command line did. Never throws; faults go to `onFault`. */
  refresh(): Promise<void>;
}

/** What runs of this window tell the book. */
export interface RunBook extends Runs, vscode.Disposable {
  /** The next event of a run that this window is at work on. */
  take(folder: string, event: RunEvent): void;
  /** Events that a resumed run had before. */
  takePast(folder: string, events: readonly RunEvent[]): void;
  ask(run: string, question: Question): void;
  answered(run: string, question: string): void;
  /** This window no longer works on it. */
  release(run: string): void;
}

export interface RunBookOptions {
  readonly folders: () => readonly string[];
  /** Opened when first asked for, once a folder; undefined: that folder has no runs yet. */
  readonly store: (folder: string) => Promise<Store | undefined>;
  readonly onFault: (error: unknown) => void;
}

/** Past runs that are listed for one folder. */
const RUNS_MAX = 100;

export function createRunBook(options: RunBookOptions): RunBook {
  const shelf = createShelf();
  const { changes, records, get } = shelf;
  let chosen: string | undefined;
  let refreshing: Promise<void> | undefined;

  return {
    ...writerOf(shelf),
    onDidChange: changes.event,
    get all() {
      return [...records.values()].sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1));
    },
    get shown() {
      const all = this.all;
      return (chosen === undefined ? undefined : get(chosen)) ?? all.find((run) => run.owner.kind === 'here' && run.request?.background !== true) ?? all.find((run) => run.owner.kind === 'here') ?? all[0];
    },
    get,
    show(id) {
      chosen = id;
      changes.fire({ kind: 'shown' });
    },
    async load(id) {
      const entry = get(id);
      if (entry === undefined) throw new Error(`There is no run "${id}" in the open folders. Open the folder in which it ran, or pick another in the RUNS view.`);
      if (entry.fold === null) {
        const store = await options.store(entry.folder);
        if (store !== undefined && entry.fold === null) await entry.read(store);
        changes.fire({ kind: 'run', run: entry });
      }
      const { view } = entry;
      if (view === null) throw new Error(`The log of run "${id}" is gone from this machine.`);
      return view;
    },
    refresh() {
      refreshing ??= refreshAll(shelf, options).finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
    dispose: () => changes.dispose(),
  };
}

interface Shelf {
  readonly changes: vscode.EventEmitter<RunChange>;
  readonly records: Map<string, Entry>;
  get(id: string): Entry | undefined;
  add(entry: Entry): Entry;
  /** The entry of a run that this window works on. */
  own(folder: string, event: RunEvent): Entry;
}

function createShelf(): Shelf {
  const changes = new vscode.EventEmitter<RunChange>();
  const records = new Map<string, Entry>();
  const add = (entry: Entry): Entry => {
    records.set(entry.id, entry);
    changes.fire({ kind: 'list' });
    return entry;
  };
  return {
    changes, records, add,
    get: (id) => records.get(id),
    own(folder, event) {
      const entry = records.get(event.run) ?? add(new Entry(event.run, folder, event.at, { kind: 'here' }));
      entry.owner = { kind: 'here' };
      return entry;
    },
  };
}

function writerOf({ changes, get, own }: Shelf): Pick<RunBook, 'take' | 'takePast' | 'ask' | 'answered' | 'release'> {
  const change = (run: string, work: (entry: Entry) => void): void => {
    const entry = get(run);
    if (entry === undefined) return;
    work(entry);
    changes.fire({ kind: 'run', run: entry });
  };
  return {
    take(folder, event) {
      const entry = own(folder, event);
      const before = entry.state;
      entry.advance(event);
      changes.fire({ kind: 'event', run: entry, event });
      if (entry.state !== before) changes.fire({ kind: 'run', run: entry });
    },
    takePast(folder, events) {
      const [first] = events;
      if (first === undefined) return;
      const entry = own(folder, first);
      entry.refold(events);
      changes.fire({ kind: 'run', run: entry });
    },
    ask: (run, question) => change(run, (entry) => {
      entry.questions = [...entry.questions, question];
    }),
    answered: (run, question) => change(run, (entry) => {
      entry.questions = entry.questions.filter(({ id }) => id !== question);
    }),
    release: (run) => change(run, (entry) => {
      entry.owner = { kind: 'nobody' };
      entry.questions = [];
    }),
  };
}

async function refreshAll(shelf: Shelf, options: RunBookOptions): Promise<void> {
  for (const folder of options.folders()) await refreshFolder(shelf, options, folder).catch(options.onFault);
  const open = new Set(options.folders());
  const gone = [...shelf.records.values()].filter((entry) => !open.has(entry.folder) && entry.owner.kind !== 'here');
  for (const entry of gone) shelf.records.delete(entry.id);
  if (gone.length > 0) shelf.changes.fire({ kind: 'list' });
}

async function refreshFolder({ records, changes, add }: Shelf, options: RunBookOptions, folder: string): Promise<void> {
  const store = await options.store(folder);
  if (store === undefined) return;
  const [rows, holder] = [await store.runs(RUNS_MAX), await store.holder()];
  for (const row of rows) {
    const known = records.get(row.run);
    if (known?.owner.kind === 'here') continue;
    const owner: Owner = holder?.run === row.run && row.last.type !== 'run.finished' ? { kind: 'elsewhere', pid: holder.pid, host: holder.host } : { kind: 'nobody' };
    if (known === undefined) {
      const entry = new Entry(row.run, folder, row.startedAt, owner).learn(row.first, row.last);
      // What came after the end (an undo) hides how it ended: only the whole log says.
      if (row.last.type !== 'run.finished') await entry.read(store);
      add(entry);
    } else if (known.learn(row.first, row.last).changed(owner)) {
      if (known.view !== null) await known.read(store);
      changes.fire({ kind: 'run', run: known });
    }
  }
}

/** What a run is called where there is room for a few words. */
export function titleOf(request: FixRequest | null): string {
  if (request === null) return 'Run';
  const where = request.file === null ? '' : `${request.file}${request.line === null ? '' : `:${request.line}`}`;
  if (request.command === 'review') return `Review ${request.paths.length === 0 ? 'changes' : request.paths.join(', ')}${request.background === true ? ' (on save)' : ''}`;
  const what = request.words.trim() || (request.test ?? []).join(' ') || where || 'the failing tests';
  return what.replaceAll(/\s+/gu, ' ');
}

function stateOf({ questions, outcome, owner }: Pick<Run, 'questions' | 'outcome' | 'owner'>): RunState {
  if (questions.length > 0) return questions.some(({ kind }) => kind !== 'apply') ? 'needs-you' : 'ready';
  if (outcome === null) return owner.kind === 'nobody' ? 'interrupted' : 'running';
  switch (outcome.kind) {
    case 'fixed': case 'reviewed': return 'done';
    case 'proposed': case 'partial': case 'undecided': return 'ready';
    case 'stopped': return 'stopped';
    case 'not-reproduced': case 'gave-up': case 'conflict': case 'needs-approval': case 'environment': case 'error': return 'failed';
  }
}

class Entry implements Run {
  readonly id: string;
  readonly folder: string;
  readonly startedAt: number;
  owner: Owner;
  questions: readonly Question[] = [];
  fold: RunFold | null = null;
  events: RunEvent[] = [];
  private first: RunEvent | undefined;
  private last: RunEvent | undefined;

  constructor(id: string, folder: string, startedAt: number, owner: Owner) {
    this.id = id;
    this.folder = folder;
    this.startedAt = startedAt;
    this.owner = owner;
  }

  get view(): RunView | null {
    return this.fold;
  }

  get request(): FixRequest | null {
    if (this.fold !== null) return this.fold.request;
    return this.first?.type === 'run.started' ? this.first.data.request : null;
  }

  get title(): string {
    return titleOf(this.request);
  }

  get outcome(): Outcome | null {
    if (this.fold !== null) return this.fold.outcome;
    return this.last?.type === 'run.finished' ? this.last.data : null;
  }

  get state(): RunState {
    return stateOf(this);
  }

  /** The ends of its log, as a listing gives them. */
  learn(first: RunEvent, last: RunEvent): this {
    this.first = first;
    this.isBehind = last.seq !== this.last?.seq;
    this.last = last;
    return this;
  }
  private isBehind = false;

  /** Whether anything differs since the last look. */
  changed(owner: Owner): boolean {
    const differs = this.isBehind || owner.kind !== this.owner.kind;
    this.owner = owner;
    return differs;
  }

  async read(store: Store): Promise<void> {
    this.refold(await store.read(this.id));
  }

  refold(events: readonly RunEvent[]): void {
    this.fold = new RunFold();
    this.events = [...events];
    for (const event of events) applyEvent(this.fold, event);
  }

  advance(event: RunEvent): void {
    this.fold ??= new RunFold();
    applyEvent(this.fold, event);
    this.events.push(event);
  }
}
