/** Decides how the rows of a trace and what is behind the chosen one are drawn. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { RunEvent } from '../core/domain/event.ts';
import type { RunView } from '../core/run/view.ts';
import { duration, json, offset, short, some } from '../core/trace/text.ts';
import { CallFacts, CallInput, CallOutput, CandidateTexts, CheckTexts, RawLines, type Side, ToolTexts } from './callTexts.tsx';
import { usePanel } from './panelContext.ts';
import { Bar, Icon, PathLink, State, Text } from './parts.tsx';
import type { Shown } from './runStore.ts';
import type { Span, TraceRow } from './spans.ts';
import { type IconName, NODE_STATES, ROLE_WORDS, type Tone } from './words.ts';

const TONE_ICONS: Readonly<Record<Tone, IconName>> = { good: 'check', bad: 'cross', warn: 'warning', busy: 'dot', soft: 'dash' };

/** Part of the run's time that is looked at, ms since its start. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

export function RowContent({ row, view, time }: { readonly row: TraceRow; readonly view: RunView; readonly time: TimeWindow | undefined }): JSX.Element {
  if (row.kind === 'group') {
    const task = view.tasks.get(row.id.slice('group '.length));
    return (
      <>
        <span class="lead"><Icon name={row.isOpen ? 'down' : 'right'} />{task === undefined ? null : <State state={NODE_STATES[task.state]} />}<b class="cut grow">{row.title}</b></span>
        {time === undefined ? <span class="end soft">{row.spans === 0 ? '' : `${row.errors > 0 ? `${some(row.errors, 'error')} · ` : ''}${some(row.spans, 'step')} · ${duration(row.ms)}`}</span> : <Lane at={row.at - view.startedAt} parts={[{ kind: 'plain', ms: row.ms }]} time={time} isGroup />}
      </>
    );
  }
  const { span } = row;
  return (
    <>
      <span class="lead"><State state={{ word: span.word, icon: TONE_ICONS[span.tone], tone: span.tone }} /><span class="kind soft">{ROLE_WORDS[span.role]}</span><span class="cut grow">{span.title}</span></span>
      {time === undefined ? <><span class="cut note soft">{span.note}</span><span class="minibar"><SpanBar span={span} /></span><span class="end soft number">{span.ms === 0 ? '' : duration(span.ms)}</span></> : <Lane at={span.at - view.startedAt} parts={span.parts} time={time} />}
    </>
  );
}

function SpanBar({ span }: { readonly span: Span }): JSX.Element | null {
  if (span.kind !== 'call') return null;
  return <Bar label={span.parts.map(({ kind, ms }) => `${kind} ${duration(ms)}`).join(', ')} parts={span.parts.map(({ kind, ms }) => ({ kind, value: ms, label: `${kind} ${duration(ms)}` }))} />;
}

function Lane({ at, parts, time, isGroup = false }: { readonly at: number; readonly parts: Span['parts']; readonly time: TimeWindow; readonly isGroup?: boolean }): JSX.Element {
  const whole = Math.max(1, time.to - time.from);
  const ms = parts.reduce((sum, part) => sum + part.ms, 0);
  const left = (100 * (at - time.from)) / whole;
  return (
    <span class="lane" title={`${offset(at)}, ${duration(ms)}`}>
      <span class={isGroup ? 'span-bar whole' : 'span-bar'} style={{ left: `${left}%`, width: `${(100 * ms) / whole}%` }}>
        {ms === 0 ? <span class="part plain" style={{ width: '100%' }} /> : parts.filter((part) => part.ms > 0).map(({ kind, ms: each }) => <span key={kind} class={`part ${kind}`} style={{ width: `${(100 * each) / ms}%` }} />)}
      </span>
    </span>
  );
}

/** Ticks above the timeline. */
export function Axis({ time }: { readonly time: TimeWindow }): JSX.Element {
  const whole = Math.max(1, time.to - time.from);
  const step = STEPS.find((ms) => whole / ms <= 7) ?? whole / 4;
  const first = Math.ceil(time.from / step) * step;
  const ticks = Array.from({ length: Math.max(0, Math.floor((time.to - first) / step) + 1) }, (_, i) => first + i * step);
  return <div class="axis" aria-hidden="true"><span class="lane">{ticks.map((ms) => <span key={ms} class="tick" style={{ left: `${(100 * (ms - time.from)) / whole}%` }}>{offset(ms)}</span>)}</span></div>;
}
const STEPS = [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000];

/** All that is known of one span. */
export function SpanTexts({ span, shown }: { readonly span: Span; readonly shown: Shown }): JSX.Element {
  const [side, setSide] = useState<Side>('output');
  const { view } = shown;
  const sides: readonly Side[] = span.detail === undefined ? [] : span.kind === 'call' ? ['input', 'output', 'raw'] : ['output', 'raw'];
  const chosen = sides.includes(side) ? side : 'output';
  const { detail } = span;
  return (
    <>
      <h2 class="plain-title"><span>{span.title}</span><small><State state={{ word: span.word, icon: TONE_ICONS[span.tone], tone: span.tone }} /></small></h2>
      {sides.length < 2 ? null : <div class="tabs" role="tablist" aria-label="What to read">{sides.map((each) => <button key={each} type="button" role="tab" aria-selected={each === chosen} onClick={() => setSide(each)}>{SIDE_WORDS[span.kind === 'call' ? each : each === 'raw' ? 'raw' : 'about']}</button>)}</div>}
      {chosen === 'raw' && detail !== undefined ? <RawLines of={detail} /> : <About span={span} view={view} side={chosen} />}
    </>
  );
}
const SIDE_WORDS = { input: 'Input', output: 'Output', raw: 'Raw', about: 'About' } as const;

function About({ span, view, side }: { readonly span: Span; readonly view: RunView; readonly side: Side }): JSX.Element | null {
  const { open } = usePanel();
  switch (span.kind) {
    case 'call': {
      const call = view.calls.get(span.ref);
      if (call === undefined) return null;
      return <><CallFacts call={call} />{side === 'input' ? <CallInput call={call} /> : <CallOutput call={call} />}</>;
    }
    case 'tool': {
      const tool = view.toolCalls[Number(span.ref)];
      const path = tool === undefined ? undefined : pathOf(tool.arguments);
      return tool === undefined ? null : <>{path === undefined ? null : <p><PathLink path={path} line={1} open={open} /></p>}<ToolTexts tool={tool} /></>;
    }
    case 'check': {
      const entry = view.checks[Number(span.ref)];
      return entry === undefined || span.detail?.kind !== 'check' ? null : <CheckTexts entry={entry} seq={span.detail.seq} />;
    }
    case 'candidate': {
      const candidate = view.candidates.get(span.ref);
      return candidate === undefined ? null : <CandidateTexts candidate={candidate} />;
    }
    case 'message': {
      const message = view.messages[Number(span.ref)];
      return message === undefined ? null : <><p class="soft">{`${ROLE_WORDS[message.sender]} to ${ROLE_WORDS[message.receiver]}, ${message.intent}, expects ${message.expects}`}</p><Text text={message.body} /></>;
    }
  }
}

/** A file that a tool was given. */
function pathOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'path' in value && typeof value.path === 'string' && value.path !== '' ? value.path : undefined;
}

export function EventContent({ event, startedAt }: { readonly event: RunEvent; readonly startedAt: number }): JSX.Element {
  return <><span class="number seq soft">{String(event.seq)}</span><span class="number soft time">{offset(event.at - startedAt)}</span><span class="type">{event.type}</span><code class="cut grow soft">{short(JSON.stringify(event.data), 300)}</code></>;
}

export function EventTexts({ event }: { readonly event: RunEvent }): JSX.Element {
  return <><h2 class="plain-title"><span>{event.type}</span><small>{`event ${event.seq}`}</small></h2><Text text={json(event.data)} /><h4>raw</h4><RawLines of={{ kind: 'event', seq: event.seq }} /></>;
}
