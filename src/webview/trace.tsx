/** Decides what the trace tab shows: what was done as a tree, over time, or event by event, and everything about the chosen one. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { count, duration } from '../core/trace/text.ts';
import type { HostMessage, RunAction } from '../protocol/webview.ts';
import { createDrawing } from './drawing.ts';
import { createHost } from './host.ts';
import { Panel } from './panelContext.ts';
import { Icon, State } from './parts.tsx';
import { createRunStore, type Shown } from './runStore.ts';
import { installSafeText } from './safeText.ts';
import { type Grouping, nextError, spansOf, traceRows } from './spans.ts';
import { Axis, EventContent, EventTexts, RowContent, SpanTexts, type TimeWindow } from './traceParts.tsx';
import { VirtualList } from './virtualList.tsx';
import { RUN_STATES } from './words.ts';

installSafeText();
const host = createHost();
const store = createRunStore({ keepEvents: true });
/** What is to be selected, once it is in the log. */
let revealed: string | undefined;

const draw = createDrawing(App);
host.listen((message: HostMessage) => {
  store.take(message, Date.now());
  if (message.kind === 'snapshot') host.remember({ run: message.head.run });
  if (message.kind === 'reveal') revealed = message.of.kind === 'call' || message.of.kind === 'candidate' ? `${message.of.kind} ${message.of.id}` : undefined;
  draw();
});
host.send({ kind: 'ready' });

function App(): JSX.Element {
  const { state, refusal } = store;
  return (
    <>
      {refusal === undefined ? null : <p class="refusal" role="alert">{refusal}</p>}
      {state.kind === 'run' ? <Trace key={state.shown.head.run} shown={state.shown} /> : <p class="soft page">{state.kind === 'loading' ? 'Reading the log…' : 'This run is no longer in the log of this folder.'}</p>}
    </>
  );
}

const TABS = ['tree', 'timeline', 'events'] as const;
type Tab = (typeof TABS)[number];
const TAB_WORDS = { tree: 'Tree', timeline: 'Timeline', events: 'Events' } as const;
const ZOOM_STEP = 1.6;

function Trace({ shown }: { readonly shown: Shown }): JSX.Element {
  const { head, view, version } = shown;
  const [tab, setTab] = useState<Tab>('tree');
  const [filter, setFilter] = useState('');
  const [errorsOnly, setErrorsOnly] = useState(false);
  const [grouping, setGrouping] = useState<Grouping>('task');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState<string>();
  const [zoom, setZoom] = useState(1);
  const field = useRef<HTMLInputElement>(null);
  const spans = useMemo(() => spansOf(view, shown.checkSeqs), [view, version]);
  const rows = useMemo(() => traceRows(view, spans, { grouping, filter, errorsOnly, closed }), [view, spans, grouping, filter, errorsOnly, closed]);
  const words = filter.toLowerCase().trim();
  const events = useMemo(() => (tab !== 'events' ? [] : shown.events.filter((event) => words === '' || `${event.type} ${JSON.stringify(event.data)}`.toLowerCase().includes(words))), [shown.events, version, words, tab]);
  const at = tab === 'events' ? events.findIndex((event) => `event ${event.seq}` === current) : rows.findIndex(({ id }) => id === current);
  const time = windowOf(view.lastAt - view.startedAt, zoom, rows, at, view.startedAt);
  const row = tab === 'events' ? undefined : rows[at];
  const event = tab === 'events' ? events[at] : undefined;
  const act = (action: RunAction): void => host.send({ kind: 'act', run: head.run, action });
  const open = (path: string, line: number): void => host.send({ kind: 'open', run: head.run, path, line });
  const toNextError = (): void => setCurrent(rows[nextError(rows, at) ?? -1]?.id ?? current);
  useEffect(() => {
    if (revealed === undefined || !spans.some(({ id }) => id === revealed)) return;
    setTab('tree');
    setClosed(new Set());
    setFilter('');
    setErrorsOnly(false);
    setCurrent(revealed);
    revealed = undefined;
  });
  useKeys({ '/': () => field.current?.focus(), e: toNextError, '+': () => setZoom(zoom * ZOOM_STEP), '-': () => setZoom(Math.max(1, zoom / ZOOM_STEP)) });

  return (
    <Panel.Provider value={{ run: head.run, host, act, open }}>
      <Top shown={shown} act={act} />
      <div class="toolbar">
        <div class="tabs" role="tablist" aria-label="Ways to look at this run">
          {TABS.map((each) => <button key={each} type="button" role="tab" id={`tab-${each}`} aria-controls="list" aria-selected={each === tab} onClick={() => setTab(each)}>{TAB_WORDS[each]}</button>)}
        </div>
        <label class="find"><Icon name="search" /><input ref={field} type="search" placeholder="Filter ( / )" aria-label="Filter" value={filter} onInput={(input) => setFilter(input.currentTarget.value)} /></label>
        {tab === 'events' ? null : <label class="check"><input type="checkbox" checked={errorsOnly} onInput={(input) => setErrorsOnly(input.currentTarget.checked)} />Errors only</label>}
        {tab === 'events' ? null : <label class="check">Group <select value={grouping} onInput={(input) => setGrouping(groupingOf(input.currentTarget.value))}><option value="task">by task</option><option value="role">by role</option><option value="kind">by kind</option></select></label>}
        {tab === 'events' ? null : <button type="button" title="Next error (e)" onClick={toNextError}>Next Error</button>}
      </div>
      <div class="split-view">
        <div class={`left ${tab}`} id="list" role="tabpanel" aria-labelledby={`tab-${tab}`}>
          {tab === 'timeline' && rows.length > 0 ? <Axis time={time} /> : null}
          {tab === 'events'
            ? events.length === 0 ? <Nothing /> : <VirtualList label="Events" role="listbox" count={events.length} current={at} move={(i) => setCurrent(`event ${events[i]?.seq}`)} toggle={() => undefined}
                row={(i) => (events[i] === undefined ? undefined : { id: `event ${events[i].seq}`, level: 1, isOpen: undefined })} source={(i) => events[i]} draw={(i) => (events[i] === undefined ? null : <EventContent event={events[i]} startedAt={view.startedAt} />)} />
            : rows.length === 0 ? <Nothing /> : <VirtualList label="What was done" role="tree" count={rows.length} current={at} move={(i) => setCurrent(rows[i]?.id)} toggle={(i, isOpen) => setClosed(toggled(closed, rows[i]?.id, isOpen))}
                row={(i) => (rows[i] === undefined ? undefined : { id: rows[i].id, level: rows[i].kind === 'group' ? 1 : 2, isOpen: rows[i].kind === 'group' ? rows[i].isOpen : undefined })} source={(i) => (tab === 'timeline' ? `${rows[i]?.id} ${version} ${time.from} ${time.to}` : rows[i])} draw={(i) => (rows[i] === undefined ? null : <RowContent row={rows[i]} view={view} time={tab === 'timeline' ? time : undefined} />)} />}
        </div>
        <div class="right" role="region" aria-label="The chosen row">
          {row?.kind === 'span' ? <SpanTexts key={row.id} span={row.span} shown={shown} /> : event !== undefined ? <EventTexts key={event.seq} event={event} /> : <p class="soft">Choose a row to read its messages, output and proof.</p>}
        </div>
      </div>
    </Panel.Provider>
  );
}

function Top({ shown: { head, view }, act }: { readonly shown: Shown; readonly act: (action: RunAction) => void }): JSX.Element {
  const { prompt, reply } = view.totals.tokens;
  return (
    <header class="top">
      <h1 class="grow" title={head.title}>{head.title}</h1>
      <p class="standing"><span role="status" aria-live="polite"><State state={RUN_STATES[head.state]} /></span><span class="soft number">{[duration(view.durationMs), `${view.totals.estimatedCalls > 0 ? 'about ' : ''}${count(prompt + reply)} tokens`, `${view.calls.size} calls`, `${view.checks.length} checks`].join(' · ')}</span></p>
      <p class="buttons">{(['exportHtml', 'exportJson'] as const).filter((action) => head.actions.includes(action)).map((action) => <button key={action} type="button" onClick={() => act(action)}>{action === 'exportHtml' ? 'Export HTML' : 'Export JSON'}</button>)}</p>
    </header>
  );
}

function Nothing(): JSX.Element {
  return <p class="soft page">Nothing fits this filter.</p>;
}

/** The whole run at zoom 1; else around the chosen row. */
function windowOf(totalMs: number, zoom: number, rows: ReturnType<typeof traceRows>, at: number, startedAt: number): TimeWindow {
  const whole = Math.max(1, totalMs);
  if (zoom <= 1) return { from: 0, to: whole };
  const row = rows[at];
  const middle = row === undefined ? whole / 2 : row.kind === 'span' ? row.span.at + row.span.ms / 2 - startedAt : row.at + row.ms / 2 - startedAt;
  const half = whole / zoom / 2;
  const from = Math.min(whole - 2 * half, Math.max(0, middle - half));
  return { from, to: from + 2 * half };
}

function groupingOf(value: string): Grouping {
  return value === 'role' || value === 'kind' ? value : 'task';
}

function toggled(closed: ReadonlySet<string>, id: string | undefined, isOpen: boolean): ReadonlySet<string> {
  const next = new Set(closed);
  if (id !== undefined && isOpen) next.delete(id);
  else if (id !== undefined) next.add(id);
  return next;
}

/** Single keys, wherever the focus is but in a field. */
function useKeys(keys: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      const action = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey || action === undefined) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
}
