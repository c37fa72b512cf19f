/** Decides what a panel is told and what it may ask: a snapshot when shown, then batches; every intent parsed, judged, or refused in the log. */
import { createTwoFilesPatch } from 'diff';
import type { RunEvent } from '../core/domain/event.ts';
import type { RunView } from '../core/run/view.ts';
import type { BaseOf } from '../core/trace/proof.ts';
import { type Detail, type DetailOf, type HostMessage, type RunAction, type StartAction, readIntent, type RunHead, type RunState, type WebviewIntent } from '../protocol/webview.ts';
import { slimEvents } from '../protocol/slimEvent.ts';

/** Between two messages; a panel is up to date within 100 ms, drawing included. */
const BATCH_MS = 40;
/** Events of one message: making more slim at once would hold the editor's other extensions up (2,000 take about 10 ms). */
const BATCH_EVENTS = 2_000;
/** Longer texts than this are cut in a detail too: no panel can show them, an export has them whole. */
const DETAIL_CHARS_MAX = 2_000_000;

export interface PanelRun {
  readonly run: string;
  readonly title: string;
  readonly state: RunState;
  readonly live: boolean;
  readonly view: RunView;
  readonly events: readonly RunEvent[];
  readonly actions: readonly RunAction[];
}

export interface Approval {
  readonly run: string;
  readonly id: string;
  readonly digest: string;
  readonly decision: 'once' | 'run' | 'workspace' | 'refused';
}

/** What the editor does for a panel. A resolved sentence says why it was not done. */
export interface PanelHost {
  /** The run that the panel shows now; undefined: none yet. */
  shown(): PanelRun | undefined;
  baseOf(run: PanelRun): Promise<BaseOf>;
  act(run: string, action: RunAction): Promise<string | undefined>;
  start(action: StartAction): Promise<string | undefined>;
  /** Only for a question that is open, with the digest it was asked with, once. */
  approve(approval: Approval): Promise<string | undefined>;
  open(run: string, path: string, line: number): Promise<string | undefined>;
  post(message: HostMessage): void;
  log(line: string): void;
}

export interface PanelFeed extends Disposable {
  /** Something of the shown run has happened, or another run is shown now. */
  changed(): void;
  /** A panel that comes back has lost what was sent meanwhile. */
  visible(isVisible: boolean): void;
  reveal(of: DetailOf): void;
  /** Anything that the panel posts. Never throws. */
  receive(raw: unknown): Promise<void>;
}

export function createPanelFeed(host: PanelHost): PanelFeed {
  const sender = createSender(host);
  const answered = new Set<string>();
  return {
    changed: sender.changed,
    visible: sender.visible,
    reveal: sender.reveal,
    async receive(raw) {
      const read = readIntent(raw);
      if ('refused' in read) {
        host.log(`A message from the panel was refused: ${read.refused}.`);
        return;
      }
      if (read.intent.kind === 'ready') {
        sender.ready(true);
        return;
      }
      try {
        const refusal = await obey(host, read.intent, answered);
        if (refusal === undefined) return;
        host.log(`The panel's "${read.intent.kind}" was refused: ${refusal}`);
        sender.tell(refusal);
      } catch (error) {
        host.log(`The panel's "${read.intent.kind}" failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    [Symbol.dispose]: () => sender.ready(false),
  };
}

interface Sender extends Pick<PanelFeed, 'changed' | 'visible' | 'reveal'> {
  /** The panel listens, from nothing; or no longer. */
  ready(isReady: boolean): void;
  tell(reason: string): void;
}

function createSender(host: PanelHost): Sender {
  /** What the panel has; undefined: nothing, so the next send is a snapshot. */
  let sent: { readonly run: string; readonly seq: number; readonly head: string } | undefined;
  let listens = false;
  let isVisible = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting: HostMessage | undefined;
  let lastAt = 0;

  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!listens || !isVisible) return;
    const run = host.shown();
    if (run === undefined) {
      sent = undefined;
      host.post({ kind: 'empty' });
      return;
    }
    const head = headOf(run);
    const headText = JSON.stringify(head);
    const known = sent?.run === run.run && sent.seq <= (run.events.at(-1)?.seq ?? 0) ? sent : undefined;
    const from = known === undefined ? 0 : firstAfter(run.events, known.seq);
    const batch = run.events.slice(from, from + BATCH_EVENTS);
    if (known === undefined) host.post({ kind: 'snapshot', head, events: slimEvents(batch), now: Date.now() });
    else if (batch.length > 0) host.post({ kind: 'events', run: run.run, events: slimEvents(batch) });
    if (known !== undefined && known.head !== headText) host.post({ kind: 'head', head });
    sent = { run: run.run, seq: batch.at(-1)?.seq ?? known?.seq ?? 0, head: headText };
    lastAt = Date.now();
    if (from + batch.length < run.events.length) {
      timer = setTimeout(send, 0);
      return;
    }
    if (waiting !== undefined) host.post(waiting);
    waiting = undefined;
  }

  return {
    changed() {
      timer ??= setTimeout(send, Math.max(0, lastAt + BATCH_MS - Date.now()));
    },
    visible(now) {
      if (now && !isVisible) sent = undefined;
      isVisible = now;
      if (now) send();
    },
    reveal(of) {
      const run = host.shown();
      if (run === undefined) return;
      waiting = { kind: 'reveal', run: run.run, of };
      send();
    },
    ready(now) {
      clearTimeout(timer);
      timer = undefined;
      listens = now;
      sent = undefined;
      if (now) send();
    },
    tell(reason) {
      if (listens) host.post({ kind: 'refused', reason });
    },
  };
}

function headOf({ run, title, state, live, actions }: PanelRun): RunHead {
  return { run, title, state, live, actions };
}

/** Events are numbered without holes, but a log may begin late: look from the end. */
function firstAfter(events: readonly RunEvent[], seq: number): number {
  let at = events.length;
  while (at > 0 && (events[at - 1]?.seq ?? 0) > seq) at -= 1;
  return at;
}

/** A sentence when it was refused. */
async function obey(host: PanelHost, intent: Exclude<WebviewIntent, { kind: 'ready' }>, answered: Set<string>): Promise<string | undefined> {
  if (intent.kind === 'start') return await host.start(intent.action);
  const run = host.shown();
  if (run === undefined || run.run !== intent.run) return `Run "${intent.run}" is not the one that is shown.`;
  switch (intent.kind) {
    case 'detail':
      host.post({ kind: 'detail', request: intent.request, detail: await detailOf(host, run, intent.of) });
      return undefined;
    case 'act':
      return run.actions.includes(intent.action) ? await host.act(run.run, intent.action) : `"${intent.action}" cannot be done with this run now.`;
    case 'approve': {
      const refusal = whyNotAnswerable(run, intent, answered);
      if (refusal !== undefined) return refusal;
      answered.add(`${run.run} ${intent.id}`);
      return await host.approve({ run: run.run, id: intent.id, digest: intent.digest, decision: intent.decision });
    }
    case 'open':
      return isInside(intent.path) ? await host.open(run.run, intent.path, intent.line) : `"${intent.path}" is no path inside the workspace.`;
  }
}

function whyNotAnswerable(run: PanelRun, { id, digest }: { readonly id: string; readonly digest: string }, answered: ReadonlySet<string>): string | undefined {
  const asked = run.view.approvals.get(id);
  if (asked === undefined) return 'There is no such question.';
  if (asked.answer !== null || answered.has(`${run.run} ${id}`)) return 'This question has been answered already.';
  if (asked.digest !== digest) return 'The question has changed since it was shown: read it again.';
  return run.live ? undefined : 'This run does not work in this window: answer where it does.';
}

/** Relative, with forward slashes, never upwards; links are judged by whoever opens it. */
function isInside(path: string): boolean {
  return !/^[/\\~]|^[A-Za-z][\w+.-]*:|\0|\\/.test(path) && !path.split('/').includes('..');
}

/** null: the log has nothing of that name. */
async function detailOf(host: PanelHost, run: PanelRun, of: DetailOf): Promise<Detail | null> {
  const events = run.events.filter((event) => belongs(event, of));
  if (events.length === 0) return null;
  const offered = events.find((event) => event.type === 'candidate.offered');
  const diffs = offered === undefined ? [] : diffsOf(offered.data.patch.edits, await host.baseOf(run));
  return { events: JSON.stringify(events).length > DETAIL_CHARS_MAX ? slimEvents(events) : events, diffs };
}

function belongs(event: RunEvent, of: DetailOf): boolean {
  switch (of.kind) {
    case 'call': return (event.type === 'model.started' || event.type === 'model.finished') && event.data.call === of.id;
    case 'tool': return event.type === 'tool.called' && event.data.call === of.id;
    case 'candidate': return (event.type === 'candidate.offered' && event.data.id === of.id) || (event.type === 'candidate.gated' && event.data.candidate === of.id);
    case 'check': return event.type === 'check.finished' && event.seq === of.seq;
    case 'event': return event.seq === of.seq;
  }
}

function diffsOf(edits: readonly { readonly path: string; readonly baseSha256: string | null; readonly text: string | null }[], baseOf: BaseOf): Detail['diffs'] {
  return edits.map(({ path, baseSha256, text }) => {
    const base = baseSha256 === null ? '' : baseOf(baseSha256);
    if (base === undefined) return { path, text: text ?? '', isWhole: true };
    return { path, text: createTwoFilesPatch(path, path, base, text ?? '', undefined, undefined, { context: 3 }).replace(/^=+\n/, ''), isWhole: false };
  });
}
