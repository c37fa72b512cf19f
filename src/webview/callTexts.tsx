/** Decides how one piece of work is read in full: a model call, a tool call, a check, a candidate. Its long texts are fetched now. */
import type { JSX } from 'preact';
import type { RunEvent } from '../core/domain/event.ts';
import type { CallView, CandidateView, RunView } from '../core/run/view.ts';
import { commandLine, count, duration, json } from '../core/trace/text.ts';
import type { Detail, DetailOf } from '../protocol/webview.ts';
import { useDetail, usePanel } from './panelContext.ts';
import { Bar, Diff, Fact, firstChangedLine, Icon, PathLink, Text } from './parts.tsx';
import { GATE_WORDS, ROLE_WORDS, SOURCE_WORDS } from './words.ts';

export type Side = 'input' | 'output' | 'raw';

/** `draw` gets what was found. */
function Fetched({ of, draw }: { readonly of: DetailOf; readonly draw: (detail: Detail) => JSX.Element }): JSX.Element {
  const detail = useDetail(of);
  if (detail === undefined) return <p class="soft">Reading the log…</p>;
  return detail === null ? <p class="soft">The log has nothing more about this.</p> : draw(detail);
}

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;
function eventOf<T extends RunEvent['type']>(detail: Detail, type: T): EventOf<T> | undefined {
  return detail.events.find((event): event is EventOf<T> => event.type === type);
}

/** The events themselves, one line each, as they are stored. */
export function RawLines({ of }: { readonly of: DetailOf }): JSX.Element {
  return <Fetched of={of} draw={({ events }) => <Text kind="raw" text={events.map((event) => JSON.stringify(event)).join('\n')} />} />;
}

export function CallInput({ call }: { readonly call: CallView }): JSX.Element {
  return (
    <Fetched of={{ kind: 'call', id: call.call }} draw={(detail) => (
      <>
        {(eventOf(detail, 'model.started')?.data.messages ?? []).map((message, i) => (
          <div key={i}><h4>{call.endpoint === 'generate' ? (i === 0 ? 'prompt' : 'suffix') : message.role}</h4><Text text={message.content} /></div>
        ))}
        <h4>options</h4><Text text={json(call.options)} />
      </>
    )} />
  );
}

export function CallOutput({ call }: { readonly call: CallView }): JSX.Element {
  if (call.state === 'running') return <p class="soft">The reply is not finished.</p>;
  return (
    <Fetched of={{ kind: 'call', id: call.call }} draw={(detail) => {
      const finished = eventOf(detail, 'model.finished');
      return (
        <>
          {call.error === null ? null : <p class="fault-text"><Icon name="warning" /> {call.error}</p>}
          <Text text={finished?.data.reply ?? ''} kind="reply" />
          {(finished?.data.toolCalls ?? []).map((tool, i) => <div key={i}><h4>{`asks for ${tool.name}${tool.recovered ? ' (found in text)' : ''}`}</h4><Text text={json(tool.arguments)} /></div>)}
        </>
      );
    }} />
  );
}

export function CallFacts({ call }: { readonly call: CallView }): JSX.Element {
  const { tokens, timings } = call;
  return (
    <dl class="facts">
      <Fact name="Role">{ROLE_WORDS[call.role]}</Fact>
      <Fact name="Model">{call.model}</Fact>
      <Fact name="At">{`${call.host}, /api/${call.endpoint}`}</Fact>
      {tokens === null ? null : <Fact name="Tokens">{`${tokens.estimated ? 'about ' : ''}${count(tokens.prompt)} prompt + ${count(tokens.reply)} reply${tokens.estimated ? ', counted from the stream' : ''}`}</Fact>}
      {timings === null ? null : <Fact name="Took">{duration(timings.totalMs)}{timings.firstTokenMs === null ? '' : `, first token after ${duration(timings.firstTokenMs)}`}</Fact>}
      {timings === null ? null : <Fact name="Split"><CallBar call={call} /> {`queue ${duration(timings.queueMs)}, load ${duration(timings.loadMs)}, prompt ${duration(timings.promptMs)}, reply ${duration(timings.replyMs)}`}</Fact>}
      {call.cachedTokens === null ? null : <Fact name="Read before">{`${count(call.cachedTokens)} tokens`}</Fact>}
      {call.retryOf === undefined ? null : <Fact name="Retry of">{call.retryOf}</Fact>}
    </dl>
  );
}

export function CallBar({ call }: { readonly call: CallView }): JSX.Element {
  const { timings } = call;
  if (timings === null) return <Bar parts={[]} label="not finished" />;
  const parts = [['queue', timings.queueMs], ['load', timings.loadMs], ['prompt', timings.promptMs], ['reply', timings.replyMs]] as const;
  return <Bar label={parts.map(([kind, ms]) => `${kind} ${duration(ms)}`).join(', ')} parts={parts.map(([kind, value]) => ({ kind, value, label: `${kind} ${duration(value)}` }))} />;
}

export function ToolTexts({ tool }: { readonly tool: RunView['toolCalls'][number] }): JSX.Element {
  return (
    <>
      <dl class="facts">
        <Fact name="Role">{ROLE_WORDS[tool.role]}</Fact>
        <Fact name="Decision">{`${tool.decision}, by rule ${tool.rule}`}</Fact>
        <Fact name="Took">{tool.cached ? 'answered from the cache' : duration(tool.durationMs)}</Fact>
      </dl>
      <Fetched of={{ kind: 'tool', id: tool.call }} draw={(detail) => {
        const data = eventOf(detail, 'tool.called')?.data;
        return <><h4>arguments</h4><Text text={json(data?.arguments)} /><h4>{tool.ok ? 'result' : 'error'}</h4><Text text={data?.result ?? ''} /></>;
      }} />
    </>
  );
}

export function CheckTexts({ entry, seq }: { readonly entry: RunView['checks'][number]; readonly seq: number }): JSX.Element {
  const { open } = usePanel();
  const { check, outcome } = entry;
  const failed = (outcome.tests ?? []).filter((test) => test.state === 'failed');
  return (
    <>
      <dl class="facts">
        <Fact name="Command"><code>{commandLine(check.argv)}</code></Fact>
        {check.cwd === '' ? null : <Fact name="In">{check.cwd}</Fact>}
        <Fact name="Exit">{outcome.exit === null ? 'killed' : String(outcome.exit)}</Fact>
        <Fact name="Took">{duration(outcome.durationMs)}</Fact>
        {entry.receipt === null ? null : <Fact name="Receipt">{entry.receipt}</Fact>}
        {outcome.environment === undefined ? null : <Fact name="Environment">{`${outcome.environment.kind}: ${outcome.environment.evidence}`}</Fact>}
      </dl>
      {failed.map((test, i) => (
        <div key={i}>
          <h4>{test.name}</h4>
          {test.expected === undefined && test.actual === undefined ? null : <dl class="facts"><Fact name="Expected"><code>{test.expected ?? ''}</code></Fact><Fact name="Actual"><code>{test.actual ?? ''}</code></Fact></dl>}
          {test.path === undefined || test.line === undefined ? null : <p><PathLink path={test.path} line={test.line} open={open} /></p>}
          {test.frames.map((frame, j) => <p key={j}><PathLink path={frame.path} line={frame.line} open={open} /> <span class="soft">{frame.symbol ?? ''}</span></p>)}
        </div>
      ))}
      <h4>output</h4>
      <Fetched of={{ kind: 'check', seq }} draw={(detail) => <Text text={eventOf(detail, 'check.finished')?.data.output ?? ''} />} />
    </>
  );
}

export function CandidateTexts({ candidate }: { readonly candidate: CandidateView }): JSX.Element {
  const { open } = usePanel();
  const fell = candidate.verdicts.findLast((verdict) => !verdict.passed);
  return (
    <>
      <p class="gates">{candidate.verdicts.map(({ gate, passed }, i) => <span key={i} class={`chip ${passed ? 'good' : 'bad'}`}><Icon name={passed ? 'check' : 'cross'} />{gate}</span>)}</p>
      <dl class="facts">
        <Fact name="From">{SOURCE_WORDS[candidate.source]}{candidate.call === null ? '' : `, call ${candidate.call}`}</Fact>
        {fell === undefined ? null : <Fact name="Fell">{`${GATE_WORDS[fell.gate]}: ${fell.reason}`}</Fact>}
      </dl>
      <Fetched of={{ kind: 'candidate', id: candidate.id }} draw={({ diffs }) => (
        <>{diffs.map(({ path, text, isWhole }) => (
          <div key={path}>
            <h4><PathLink path={path} line={isWhole ? 1 : firstChangedLine(text)} open={open} />{isWhole ? ' whole new text: the version it was made from is gone' : ''}</h4>
            {isWhole ? <Text text={text} /> : <Diff text={text} />}
          </div>
        ))}</>
      )} />
    </>
  );
}
