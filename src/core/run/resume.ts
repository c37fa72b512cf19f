/** Decides what a resumed run need not do again: finished model calls and checks are found by what was asked. */
import type { CallView, RunView } from './view.ts';
import { canonicalJson } from '../util/canonicalJson.ts';

/** What makes two calls the same question: the text as sent and how it was to be sampled. */
export type Question = Pick<CallView, 'model' | 'endpoint' | 'messages' | 'options'>;
export type FinishedCall = CallView & { readonly tokens: NonNullable<CallView['tokens']>; readonly timings: NonNullable<CallView['timings']> };
export type FinishedCheck = RunView['checks'][number];

export interface Finished {
  /** Each completed call answers one question, in the order asked: a run that asked the same thing twice does so again. */
  takeCall(question: Question): FinishedCall | undefined;
  check(key: string): FinishedCheck | undefined;
}

/** What `view` holds at this moment; calls that were cancelled, failed or cut off are asked again. */
export function finishedIn(view: RunView): Finished {
  const calls = new Map<string, FinishedCall[]>();
  for (const call of view.calls.values()) {
    if (!isFinished(call)) continue;
    const key = callKey(call);
    const same = calls.get(key);
    if (same === undefined) calls.set(key, [call]);
    else same.push(call);
  }
  const checks = new Map(view.checks.map((check) => [check.key, check]));
  return {
    takeCall: (question) => calls.get(callKey(question))?.shift(),
    check: (key) => checks.get(key),
  };
}

/** Why this run cannot go on, for the user; undefined: it can. */
export function whyNotResumable(view: RunView): string | undefined {
  if (view.seq === 0) return 'There is no such run in this workspace. List them with: groundcrew runs';
  const undoing = [...view.effects].find(([key, effect]) => key.startsWith(`${view.run}:undo:`) && !effect.done);
  if (undoing !== undefined && view.undone.length === 0) return `Taking back the change of run ${view.run} was cut off. Finish it with: groundcrew undo ${view.run}`;
  switch (view.outcome?.kind) {
    case undefined: case 'stopped': case 'error': case 'environment': case 'needs-approval': return undefined;
    case 'fixed': case 'proposed': case 'partial': case 'undecided': case 'not-reproduced': case 'gave-up': case 'conflict': case 'reviewed':
      return `Run ${view.run} came to its end (${view.outcome.kind}); there is nothing left to resume. See it with: groundcrew trace ${view.run}`;
  }
}

function callKey({ model, endpoint, messages, options }: Question): string {
  return canonicalJson({ model, endpoint, messages: messages.map(({ role, content }) => [role, content]), options });
}

function isFinished(call: CallView): call is FinishedCall {
  return call.state === 'completed' && call.tokens !== null && call.timings !== null;
}
