/** Decides what is told about a node of the graph: a task with its calls, a source with its candidates, one candidate. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { CallView, TaskView } from '../core/run/view.ts';
import { count, duration, some } from '../core/trace/text.ts';
import { CallFacts, CallInput, CallOutput, CandidateTexts } from './callTexts.tsx';
import { DebateTexts } from './debates.tsx';
import { CandidateRow } from './liveParts.tsx';
import { Fact, Icon, IconButton, State } from './parts.tsx';
import type { Shown } from './runStore.ts';
import { NODE_STATES, ROLE_WORDS, SOURCE_WORDS } from './words.ts';

/** The newest rows of each list; the trace has all. */
const ROWS_MAX = 20;

export function Selected({ id, shown, close }: { readonly id: string; readonly shown: Shown; readonly close: () => void }): JSX.Element | null {
  const { view } = shown;
  const [kind = '', ...rest] = id.split(' ');
  const ref = rest.join(' ');
  const task = kind === 'task' ? view.tasks.get(ref) : undefined;
  const candidate = kind === 'candidate' ? view.candidates.get(ref) : undefined;
  const debate = kind === 'debate' ? view.debates.find(({ id: other }) => other === ref) : undefined;
  const title = task?.title ?? candidate?.note ?? debate?.question ?? (kind === 'source' ? ref : '');
  if (title === '') return null;
  const members = kind === 'source' ? [...view.candidates.values()].filter(({ source, task: owner }) => `${source} ${owner ?? ''}` === ref) : [];
  return (
    <section class="selected" aria-label={title}>
      <h2><span>{members[0] === undefined ? title : SOURCE_WORDS[members[0].source]}</span><IconButton icon="cross" label="Close" onClick={close} /></h2>
      {task === undefined ? null : <TaskTexts task={task} calls={[...view.calls.values()].filter((call) => call.task === task.id)} />}
      {candidate === undefined ? null : <CandidateTexts candidate={candidate} />}
      {debate === undefined ? null : <DebateTexts debate={debate} view={view} />}
      {members.length === 0 ? null : <Members members={members} />}
    </section>
  );
}

function TaskTexts({ task, calls }: { readonly task: TaskView; readonly calls: readonly CallView[] }): JSX.Element {
  const took = task.startedAt === null ? '' : task.finishedAt === null ? 'not finished' : duration(task.finishedAt - task.startedAt);
  return (
    <>
      <p><State state={NODE_STATES[task.state]} /> <span class="soft">{[ROLE_WORDS[task.role], took].filter((part) => part !== '').join(' · ')}</span></p>
      <dl class="facts">
        {task.summary === '' ? null : <Fact name="Result">{task.summary}</Fact>}
        {task.acceptance === '' ? null : <Fact name="Done when">{task.acceptance}</Fact>}
      </dl>
      {calls.length === 0 ? null : <h3>{some(calls.length, 'model call')}</h3>}
      <ul class="rows">{calls.slice(-ROWS_MAX).map((call) => <CallRow key={call.call} call={call} />)}</ul>
    </>
  );
}

function CallRow({ call }: { readonly call: CallView }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const spent = call.tokens === null ? 'at work' : `${call.tokens.estimated ? 'about ' : ''}${count(call.tokens.prompt + call.tokens.reply)} tokens${call.timings === null ? '' : ` · ${duration(call.timings.totalMs)}`}`;
  return (
    <li>
      <button type="button" class="row" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}><Icon name={isOpen ? 'down' : 'right'} /><span class="grow cut">{call.purpose}</span><span class="soft number">{call.state === 'completed' ? spent : `${call.state} · ${spent}`}</span></button>
      {isOpen ? <div class="inset"><CallFacts call={call} /><h4>reply</h4><CallOutput call={call} /><CallInput call={call} /></div> : null}
    </li>
  );
}

function Members({ members }: { readonly members: readonly Parameters<typeof CandidateRow>[0]['candidate'][] }): JSX.Element {
  const [open, setOpen] = useState<string>();
  return (
    <ul class="rows">
      {members.slice(-ROWS_MAX).map((candidate) => <CandidateRow key={candidate.id} candidate={candidate} isOpen={open === candidate.id} toggle={() => setOpen(open === candidate.id ? undefined : candidate.id)} />)}
      {members.length > ROWS_MAX ? <li class="soft small">{`${some(members.length - ROWS_MAX, 'earlier candidate')} in the trace`}</li> : null}
    </ul>
  );
}
