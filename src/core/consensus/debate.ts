/** Decides how a dispute between two positions is settled: what was run first, then rules, and a blind judge in both orders only where neither tells. */
import { asData, layOut } from '../agents/prompt.ts';
import { judge, JudgeReply } from '../agents/roles/judge.ts';
import type { Ballot } from '../domain/ballot.ts';
import type { Debate, DebateSide, Exhibit, Position } from '../domain/debate.ts';
import type { ChatModel } from '../model/chatModel.ts';
import { askStructured } from '../model/structured.ts';
import type { Clock, Ids } from '../ports.ts';
import { decide } from './vote.ts';

/** Both positions with what was run for them. */
export interface Dispute extends Pick<Debate, 'about' | 'question' | 'rule'> {
  readonly affirmative: Omit<DebateSide, 'position' | 'rebuttal'>;
  readonly negative: Omit<DebateSide, 'position' | 'rebuttal'>;
  readonly exhibits: readonly Exhibit[];
  /** Of rules, in the order in which they decide: the first that takes a side has decided. */
  readonly ballots: readonly Ballot[];
  /** What the first deciding ballot rests on: something that ran, or what the changes look like. */
  readonly restsOn: 'exhibits' | 'rules';
}

export interface Court {
  /** undefined: no judge is asked; what neither exhibits nor rules decide stays open. */
  readonly model: ChatModel | undefined;
  /** The failing test, the function: what a change is judged by. Never who wrote it. */
  readonly records: readonly string[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly seed: number;
}

export function skipDebate(ids: Ids, skipped: Pick<Debate, 'about' | 'question' | 'rule'>): Debate {
  return { ...skipped, id: ids.next('debate'), state: 'skipped', sides: [], exhibits: [], ballots: [], verdict: null, decidedBy: 'nobody', confidence: null, tokens: { prompt: 0, reply: 0 }, durationMs: 0, changedOutcome: false };
}

/** @throws what the model throws; signal.reason when aborted. */
export async function holdDebate(court: Court, dispute: Dispute, signal: AbortSignal): Promise<Debate> {
  const startedAt = court.clock.elapsedMs();
  const decisive = dispute.ballots.find((ballot) => ballot.choice !== null)?.choice ?? null;
  const judged = decisive === null && court.model !== undefined ? await askJudge(court, court.model, dispute, signal) : undefined;
  const ballots = [...dispute.ballots, ...(judged?.ballots ?? [])];
  const verdict = toPosition(decisive) ?? judged?.verdict ?? 'inconclusive';
  const cast = ballots.filter((ballot) => ballot.choice !== null);
  return {
    id: court.ids.next('debate'), about: dispute.about, question: dispute.question, state: 'held', rule: dispute.rule,
    sides: [{ ...dispute.affirmative, position: 'affirmative', rebuttal: null }, { ...dispute.negative, position: 'negative', rebuttal: null }],
    exhibits: [...dispute.exhibits], ballots, verdict,
    decidedBy: decisive !== null ? dispute.restsOn : verdict === 'inconclusive' ? 'nobody' : 'opinion',
    confidence: cast.length === 0 ? null : cast.filter((ballot) => ballot.choice === verdict).length / cast.length,
    tokens: judged?.tokens ?? { prompt: 0, reply: 0 },
    durationMs: court.clock.elapsedMs() - startedAt,
    // Without the judge the two would have been shown to the user, undecided.
    changedOutcome: judged !== undefined && verdict !== 'inconclusive',
  };
}

interface Judged {
  readonly ballots: readonly Ballot[];
  readonly verdict: Debate['verdict'];
  readonly tokens: Debate['tokens'];
}

/** Once in each order: a verdict that turns with the order is none. */
async function askJudge(court: Court, model: ChatModel, dispute: Dispute, signal: AbortSignal): Promise<Judged> {
  const ballots: Ballot[] = [];
  const tokens = { prompt: 0, reply: 0 };
  for (const [first, second] of [['affirmative', 'negative'], ['negative', 'affirmative']] as const) {
    const { value, replies } = await askStructured({
      model,
      request: {
        role: 'judge', task: null, purpose: `judge, ${first} first`, priority: 'verify',
        messages: layOut({ records: [...court.records, ...shown(dispute, first, second)] }, judge, ''),
        sampling: { temperature: 0, seed: court.seed, replyTokensMax: judge.limits.replyTokensMax },
      },
      schema: JudgeReply,
    }, signal);
    for (const reply of replies) {
      tokens.prompt += reply.tokens.prompt;
      tokens.reply += reply.tokens.reply;
    }
    const choice = value.verdict === 'inconclusive' ? null : value.verdict === 'first' ? first : second;
    ballots.push({ voter: `judge, ${first} first`, choice, confidence: value.confidence, reason: `${value.criterion}: ${value.reason}` });
  }
  const decision = decide(
    { policy: 'unanimous', options: ['affirmative', 'negative'], voters: new Map(ballots.map(({ voter }) => [voter, 1])), stakes: 'high' },
    ballots.map((ballot) => ({ ...ballot, at: 0 })),
  );
  const isBoth = ballots.every((ballot) => ballot.choice !== null);
  return { ballots, tokens, verdict: decision.kind === 'decided' && isBoth ? (toPosition(decision.choice) ?? 'inconclusive') : 'inconclusive' };
}

/** Anonymous: the first and the second change, and what each gave. */
function shown(dispute: Dispute, first: Position, second: Position): readonly string[] {
  const results = dispute.exhibits.map((exhibit) => `${exhibit.call}\n  first change: ${exhibit[first]}\n  second change: ${exhibit[second]}\n  before: ${exhibit.base}`);
  return [asData('first change', dispute[first].opening), asData('second change', dispute[second].opening), asData('results, run by the verifier', results.join('\n'))];
}

function toPosition(choice: string | null): Position | undefined {
  return choice === 'affirmative' || choice === 'negative' ? choice : undefined;
}
