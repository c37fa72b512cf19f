/** Decides what LIVE RUN shows, from top to bottom: how the run stands, what it waits for, what it asks, how it came here, what it cost. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { RunView } from '../core/run/view.ts';
import { count, describeCall, duration } from '../core/trace/text.ts';
import type { HostMessage, RunAction } from '../protocol/webview.ts';
import { Debates } from './debates.tsx';
import { createDrawing } from './drawing.ts';
import { figuresOf, runningCall } from './figures.ts';
import { GraphView } from './graphView.tsx';
import { createHost, type Host } from './host.ts';
import { Candidates, Choice, FiguresSection, Questions } from './liveParts.tsx';
import { Panel } from './panelContext.ts';
import { State } from './parts.tsx';
import { graphOf } from './runGraph.ts';
import { createRunStore, type Shown } from './runStore.ts';
import { installSafeText } from './safeText.ts';
import { Selected } from './selected.tsx';
import { ROLE_WORDS, RUN_STATES } from './words.ts';

const TICK_MS = 1_000;

installSafeText();
const host = createHost();
const store = createRunStore({ keepEvents: false });

const draw = createDrawing(App);
host.listen((message: HostMessage) => {
  store.take(message, Date.now());
  draw();
});
host.send({ kind: 'ready' });

function App(): JSX.Element {
  const { state, refusal } = store;
  if (state.kind === 'loading') return <p class="soft page">Reading the runs of this folder…</p>;
  return (
    <>
      {refusal === undefined ? null : <p class="refusal" role="alert">{refusal}</p>}
      {state.kind === 'empty' ? <Empty host={host} /> : <Run key={state.shown.head.run} shown={state.shown} />}
    </>
  );
}

function Empty({ host }: { readonly host: Host }): JSX.Element {
  return (
    <div class="empty page">
      <h2>No run yet</h2>
      <p>Put the cursor in code that misbehaves, or have a test that fails, then:</p>
      <p class="buttons"><button type="button" class="primary" onClick={() => host.send({ kind: 'start', action: 'fix' })}>Fix This Bug</button></p>
      <p class="soft">You will see here which tasks the crew works on, what it tries and where each try falls. Everything runs on your own Ollama; your files change only when you accept.</p>
    </div>
  );
}

function Run({ shown }: { readonly shown: Shown }): JSX.Element {
  const { head, view } = shown;
  const [selected, setSelected] = useState<string>();
  const graph = graphOf(view);
  const select = (id: string): void => setSelected(id === selected ? undefined : id);
  const act = (action: RunAction): void => host.send({ kind: 'act', run: head.run, action });
  const open = (path: string, line: number): void => host.send({ kind: 'open', run: head.run, path, line });
  return (
    <Panel.Provider value={{ run: head.run, host, act, open }}>
      <main data-seq={view.seq}>
        <Top shown={shown} />
        <Questions view={view} isLive={head.live} />
        {graph.nodes.length === 0 ? null : <GraphView run={head.run} graph={graph} selected={selected} select={select} />}
        {selected === undefined ? null : <Selected id={selected} shown={shown} close={() => setSelected(undefined)} />}
        <Candidates view={view} select={select} selected={selected} />
        <Choice view={view} />
        <Debates view={view} />
        <Findings view={view} open={open} />
        <FiguresSection view={view} />
      </main>
      <Actions actions={head.actions} act={act} />
    </Panel.Provider>
  );
}

function Top({ shown: { head, view, skewMs } }: { readonly shown: Shown }): JSX.Element {
  const isOver = view.outcome !== null || head.state === 'interrupted';
  const now = useNow(!isOver) + skewMs;
  const ms = isOver ? view.durationMs : Math.max(0, view.durationMs + now - view.lastAt);
  const { prompt, reply } = view.totals.tokens;
  const speed = figuresOf(view).tokensPerSecond;
  const figures = [duration(ms), `${count(prompt + reply)} tokens`, ...(speed === null ? [] : [`${speed.toFixed(0)} tokens/s`])];
  return (
    <header>
      <h1 title={head.title}>{head.title}</h1>
      <p class="standing"><span role="status" aria-live="polite"><State state={RUN_STATES[head.state]} /></span><span class="soft number">{figures.join(' · ')}</span></p>
      {isOver ? null : <Waiting view={view} />}
      {view.outcome === null ? null : <p class="reason">{view.outcome.reason}</p>}
      {view.degraded.map((what) => <p key={what} class="soft small">{what}</p>)}
      {view.advice.map((text) => <p key={text} class="advice">{text}</p>)}
    </header>
  );
}

/** What the person waits for now. */
function Waiting({ view }: { readonly view: RunView }): JSX.Element {
  const call = runningCall(view);
  const task = [...view.tasks.values()].findLast((one) => one.state === 'running');
  if (call === undefined) return <p class="waiting">{task === undefined ? 'Starting' : `${ROLE_WORDS[task.role]}: ${task.title}`}</p>;
  return (
    <div class="waiting">
      <p><b>{ROLE_WORDS[call.role]}</b> <span class="grow">{describeCall(call)}</span></p>
      <progress aria-label={`${ROLE_WORDS[call.role]}, ${call.phase}`} {...(call.ratio === null ? {} : { value: call.ratio, max: 1 })} />
    </div>
  );
}

function Findings({ view, open }: { readonly view: RunView; readonly open: (path: string, line: number) => void }): JSX.Element | null {
  if (view.findings.length === 0) return null;
  return (
    <section aria-label="Findings"><h2><span>Findings</span><small>{String(view.findings.length)}</small></h2>
      <ul class="rows">{view.findings.map((finding) => (
        <li key={finding.id}><button type="button" class="link path" onClick={() => open(finding.path, finding.line)}>{`${finding.path}:${finding.line}`}</button> <span class="soft">{`${finding.severity}, ${finding.proof}`}</span><p>{finding.claim}</p></li>
      ))}</ul>
    </section>
  );
}

const ACTION_WORDS: Readonly<Record<RunAction, string>> = { apply: 'Apply All', discard: 'Discard Run', stop: 'Stop Run', resume: 'Resume Run', retry: 'Try Again', undo: 'Undo Run', trace: 'Open Trace', exportHtml: 'Export HTML', exportJson: 'Export JSON' };
const LIVE_ACTIONS: readonly RunAction[] = ['apply', 'discard', 'stop', 'resume', 'retry', 'undo', 'trace'];

function Actions({ actions, act }: { readonly actions: readonly RunAction[]; readonly act: (action: RunAction) => void }): JSX.Element | null {
  const offered = LIVE_ACTIONS.filter((action) => actions.includes(action));
  if (offered.length === 0) return null;
  return <div class="actions" role="group" aria-label="This run">{offered.map((action) => <button key={action} type="button" class={action === 'apply' ? 'primary' : undefined} onClick={() => act(action)}>{ACTION_WORDS[action]}</button>)}</div>;
}

/** The time, told again each second while `runs`. */
function useNow(runs: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!runs) return undefined;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [runs]);
  return Math.max(now, Date.now() - TICK_MS);
}
