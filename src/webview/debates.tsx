/** Decides how a debate reads: the question, both sides, what was run for each, who voted how, what decided. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { RunView } from '../core/run/view.ts';
import { count, duration } from '../core/trace/text.ts';
import { Fact, Icon, Section } from './parts.tsx';

type DebateView = RunView['debates'][number];

const DECIDED = { exhibits: 'decided by what was run', rules: 'decided by rules', opinion: 'decided by opinion alone', nobody: 'decided by nobody' } as const;
const SIDES = { affirmative: 'For', negative: 'Against' } as const;

/** Those that were held, open; those that were skipped in one line with the reason. */
export function Debates({ view }: { readonly view: RunView }): JSX.Element | null {
  if (view.debates.length === 0) return null;
  const held = view.debates.filter(({ state }) => state === 'held').length;
  return <Section title="Debates" aside={`${held} held, ${view.debates.length - held} not needed`}>{view.debates.map((debate) => <Debate key={debate.id} debate={debate} view={view} />)}</Section>;
}

function Debate({ debate, view }: { readonly debate: DebateView; readonly view: RunView }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  if (debate.state === 'skipped') return <p class="soft small">{`Not needed: ${debate.rule}`}</p>;
  return (
    <div class="debate">
      <button type="button" class="row" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}><Icon name={isOpen ? 'down' : 'right'} /><span class="grow">{debate.question}</span></button>
      <p class="small">{verdictOf(debate)}</p>
      {isOpen ? <DebateTexts debate={debate} view={view} /> : null}
    </div>
  );
}

function verdictOf({ verdict, decidedBy, confidence, changedOutcome }: DebateView): string {
  const said = verdict === null || verdict === 'inconclusive' ? 'No side won' : verdict === 'affirmative' ? 'For won' : 'Against won';
  return [said, DECIDED[decidedBy], ...(confidence === null ? [] : [`${Math.round(100 * confidence)} % of the votes`]), changedOutcome ? 'it changed the outcome' : 'it changed nothing'].join(', ');
}

export function DebateTexts({ debate, view }: { readonly debate: DebateView; readonly view: RunView }): JSX.Element {
  return (
    <div class="inset">
      <dl class="facts">
        <Fact name="Called for">{debate.rule}</Fact>
        <Fact name="Cost">{`${count(debate.tokens.prompt + debate.tokens.reply)} tokens, ${duration(debate.durationMs)}`}</Fact>
      </dl>
      {debate.sides.map(({ position, candidates, opening, rebuttal }) => (
        <div key={position}>
          <h4>{[SIDES[position], view.candidates.get(candidates[0] ?? '')?.note ?? ''].filter((part) => part !== '').join(': ')}</h4>
          <p>{opening}</p>
          {rebuttal === null ? null : <p class="soft">{`Answers: ${rebuttal}`}</p>}
        </div>
      ))}
      {debate.exhibits.map((exhibit, i) => (
        <div key={i}>
          <h4>{`exhibit ${i + 1}`} <code>{exhibit.call}</code></h4>
          <dl class="facts"><Fact name="For"><code>{exhibit.affirmative}</code></Fact><Fact name="Against"><code>{exhibit.negative}</code></Fact><Fact name="Before"><code>{exhibit.base}</code></Fact></dl>
        </div>
      ))}
      {debate.ballots.length === 0 ? null : <h4>votes</h4>}
      <ul class="rows">{debate.ballots.map(({ voter, choice, confidence, reason }, i) => <li key={i}>{`${voter}: ${choice ?? 'abstains'} (${Math.round(100 * confidence)} %)`} <span class="soft">{reason}</span></li>)}</ul>
    </div>
  );
}
