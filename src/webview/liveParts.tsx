/** Decides how the parts of LIVE RUN below its graph read: questions, candidates by source, the choice, figures. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { CandidateView, RunView } from '../core/run/view.ts';
import { count, duration, short, some } from '../core/trace/text.ts';
import { CandidateTexts } from './callTexts.tsx';
import { type Figures, figuresOf, type SourceFigures, sourceFigures } from './figures.ts';
import { usePanel } from './panelContext.ts';
import { Bar, Fact, Icon, Section, State } from './parts.tsx';
import { GATE_WORDS, GATES, NODE_STATES, ROLE_WORDS, SOURCE_WORDS } from './words.ts';

/** Rows of one source shown in the side bar; the trace has all. */
const ROWS_MAX = 40;

type Asked = RunView['approvals'] extends ReadonlyMap<string, infer T> ? T : never;

export function Questions({ view, isLive }: { readonly view: RunView; readonly isLive: boolean }): JSX.Element | null {
  const open = [...view.approvals.values()].filter(({ answer }) => answer === null);
  if (open.length === 0 || view.outcome !== null) return null;
  return <Section title="Needs you" aside={open.length > 1 ? `${open.length} questions` : undefined}>{open.map((asked) => <Question key={asked.id} asked={asked} isLive={isLive} />)}</Section>;
}

const RISK_WORDS = { low: 'low risk', medium: 'medium risk', high: 'high risk' } as const;

function Question({ asked, isLive }: { readonly asked: Asked; readonly isLive: boolean }): JSX.Element {
  const { host, run } = usePanel();
  const [isSent, setSent] = useState(false);
  const answer = (decision: 'once' | 'run' | 'workspace' | 'refused'): void => {
    setSent(true);
    host.send({ kind: 'approve', run, id: asked.id, digest: asked.digest, decision });
  };
  const off = isSent || !isLive;
  return (
    <div class="question" role="group" aria-label={`${ROLE_WORDS[asked.role]} asks`}>
      <p><b>{ROLE_WORDS[asked.role]}</b> wants to use <code>{asked.tool}</code> <span class={`chip ${asked.risk === 'low' ? 'plain' : 'warn'}`}>{RISK_WORDS[asked.risk]}</span></p>
      <pre tabIndex={0}>{asked.what}</pre>
      <p class="soft">{asked.why} · rule: {asked.rule}</p>
      <p class="buttons">
        <button type="button" class="primary" disabled={off} onClick={() => answer('once')}>Allow Once</button>
        <button type="button" disabled={off} onClick={() => answer('run')}>For This Run</button>
        {asked.rememberable ? <button type="button" disabled={off} onClick={() => answer('workspace')}>Always in This Folder</button> : null}
        <button type="button" disabled={off} onClick={() => answer('refused')}>Do Not Allow</button>
      </p>
      {isLive ? null : <p class="soft">This run works in another window: answer there.</p>}
    </div>
  );
}

export function Candidates({ view, select, selected }: { readonly view: RunView; readonly select: (id: string) => void; readonly selected: string | undefined }): JSX.Element | null {
  const sources = sourceFigures(view, GATES);
  if (sources.length === 0) return null;
  const passed = sources.reduce((sum, source) => sum + source.passed, 0);
  return (
    <Section title="Candidates" aside={`${count(view.candidates.size)} offered, ${count(passed)} standing`}>
      {sources.map((source) => <SourceRow key={source.source} source={source} select={select} selected={selected} />)}
    </Section>
  );
}

function SourceRow({ source, select, selected }: { readonly source: SourceFigures; readonly select: (id: string) => void; readonly selected: string | undefined }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const fell = source.fell.map(({ gate, count: n }) => `${count(n)} ${GATE_WORDS[gate]}`);
  const parts = [
    { kind: 'passed', value: source.passed, label: `${source.passed} standing` },
    { kind: 'waiting', value: source.open, label: `${source.open} wait for their first gate` },
    ...source.fell.map(({ gate, count: value }) => ({ kind: `gate-${gate}`, value, label: `${value} ${GATE_WORDS[gate]}` })),
  ];
  const rows = source.candidates.slice(0, ROWS_MAX);
  return (
    <div class="source">
      <button type="button" class="row" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name={isOpen ? 'down' : 'right'} /><span class="grow">{SOURCE_WORDS[source.source]}</span><span class="soft number">{some(source.offered, 'candidate')}</span>
      </button>
      <Bar parts={parts} label={parts.filter(({ value }) => value > 0).map(({ label }) => label).join(', ')} />
      <p class="soft small">{[...(source.passed > 0 ? [`${source.passed} standing`] : []), ...fell].join(' · ')}{source.stopped === '' ? '' : ` · stopped: ${source.stopped}`}</p>
      {isOpen ? (
        <ul class="rows">
          {rows.map((candidate) => <CandidateRow key={candidate.id} candidate={candidate} isOpen={selected === `candidate ${candidate.id}`} toggle={() => select(`candidate ${candidate.id}`)} />)}
          {source.candidates.length > rows.length ? <li class="soft small">{`${some(source.candidates.length - rows.length, 'more candidate')} in the trace`}</li> : null}
        </ul>
      ) : null}
    </div>
  );
}

export function CandidateRow({ candidate, isOpen, toggle }: { readonly candidate: CandidateView; readonly isOpen: boolean; readonly toggle: () => void }): JSX.Element {
  const fell = candidate.verdicts.findLast((verdict) => !verdict.passed);
  const state = fell !== undefined ? NODE_STATES.fell : candidate.state === 'chosen' ? NODE_STATES.chosen : candidate.state === 'open' ? NODE_STATES.waiting : NODE_STATES.passed;
  return (
    <li>
      <button type="button" class="row" aria-expanded={isOpen} onClick={toggle}>
        <State state={state} /><span class="grow cut">{candidate.note}</span>
      </button>
      {fell === undefined ? null : <p class="soft small under">{`${GATE_WORDS[fell.gate]}: ${short(fell.reason, 140)}`}</p>}
      {isOpen ? <div class="inset"><CandidateTexts candidate={candidate} /></div> : null}
    </li>
  );
}

/** How the run decided between survivors. */
export function Choice({ view }: { readonly view: RunView }): JSX.Element | null {
  const { chosen } = view;
  if (chosen === null) return null;
  const note = view.candidates.get(chosen.candidate)?.note ?? chosen.candidate;
  return (
    <Section title="Choice">
      <p><State state={NODE_STATES.chosen} /> <b>{note}</b></p>
      <p class="soft">{chosen.reason}</p>
      {chosen.clusters.length < 2 ? null : (
        <ol class="rows">{chosen.clusters.map(({ candidates, differsOn }, i) => (
          <li key={i}>{`Behaviour ${i + 1}: ${some(candidates.length, 'candidate')}`}{differsOn === '' ? '' : ', differs on '}{differsOn === '' ? null : <code>{differsOn}</code>}{candidates.includes(chosen.candidate) ? ' · kept' : ''}</li>
        ))}</ol>
      )}
    </Section>
  );
}

export function FiguresSection({ view }: { readonly view: RunView }): JSX.Element | null {
  if (view.calls.size === 0) return null;
  const figures = figuresOf(view);
  const { tokens, estimatedCalls } = view.totals;
  return (
    <Section title="Figures" aside={some(view.calls.size, 'model call')}>
      <RoleBars figures={figures} />
      <p class="soft small">{`${count(tokens.prompt)} prompt + ${count(tokens.reply)} reply tokens${estimatedCalls > 0 ? `, ${some(estimatedCalls, 'call')} counted from the stream` : ''}`}</p>
      <SplitBar figures={figures} />
      <dl class="facts tight">
        {figures.firstTokenMs === null ? null : <Fact name="First token">{duration(figures.firstTokenMs)}</Fact>}
        {figures.totalMs === null ? null : <Fact name="Whole call">{duration(figures.totalMs)}</Fact>}
        {figures.tokensPerSecond === null ? null : <Fact name="Writing">{`${figures.tokensPerSecond.toFixed(1)} tokens/s`}</Fact>}
        {figures.reuse === null ? null : <Fact name="Cache reuse">{`${Math.round(100 * figures.reuse)} %`}</Fact>}
        {figures.context === null ? null : <Fact name="Context">{`${count(figures.context.used)} of ${count(figures.context.window)}`}</Fact>}
      </dl>
    </Section>
  );
}

function RoleBars({ figures: { roles } }: { readonly figures: Figures }): JSX.Element {
  const most = Math.max(1, ...roles.map(({ prompt, reply }) => prompt + reply));
  return (
    <ul class="role-bars" aria-label="Tokens by role">
      {roles.map(({ role, calls, prompt, reply, estimated }) => (
        <li key={role} data-role={role} data-prompt={prompt} data-reply={reply}>
          <span class="grow">{ROLE_WORDS[role]}</span><span class="soft number">{`${estimated > 0 ? 'about ' : ''}${count(prompt + reply)} tokens · ${some(calls, 'call')}`}</span>
          <Bar of={most} label={`${ROLE_WORDS[role]}: ${count(prompt)} prompt, ${count(reply)} reply`} parts={[{ kind: 'prompt', value: prompt, label: `${count(prompt)} prompt tokens` }, { kind: 'reply', value: reply, label: `${count(reply)} reply tokens` }]} />
        </li>
      ))}
    </ul>
  );
}

function SplitBar({ figures: { split } }: { readonly figures: Figures }): JSX.Element | null {
  const parts = (['queue', 'load', 'prompt', 'reply'] as const).map((kind) => ({ kind, value: split[kind], label: `${kind} ${duration(split[kind])}` }));
  if (parts.every(({ value }) => value <= 0)) return null;
  return (
    <div class="split">
      <p class="small"><span class="grow">Where the model's time went</span></p>
      <Bar parts={parts} label={parts.map(({ label }) => label).join(', ')} />
      <p class="legend small">{parts.map(({ kind, label }) => <span key={kind}><span class={`swatch ${kind}`} />{label}</span>)}</p>
    </div>
  );
}
