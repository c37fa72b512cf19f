/** Decides what becomes of a change that a person has cut or edited: it is verified like any other before it is called fixed. */
import type { FileEdit, Patch, TextFile } from '../domain/patch.ts';
import type { Receipt } from '../domain/receipt.ts';
import { regressions } from '../repair/regressions.ts';
import type { Failure } from './baseline.ts';
import type { RunContext, Word } from './runContext.ts';

export interface Offer {
  readonly failure: Failure;
  readonly base: ReadonlyMap<string, TextFile>;
  readonly candidate: string;
  readonly patch: Patch;
  readonly receipt: Receipt | undefined;
}

/** `wrong`: what fails with it; "" for what is proven as far as the offer was. */
export interface Decided {
  readonly patch: Patch;
  readonly receipt: Receipt | undefined;
  readonly wrong: string;
}

const FAILURE_CHARS_MAX = 2_000;

/** undefined: nothing is to be written. Asks again where the person's own version fails; the choice stays theirs. */
export async function settleWord(context: RunContext, offer: Offer, first: Word, signal: AbortSignal): Promise<Decided | undefined> {
  let word = first;
  let own: Decided | undefined;
  for (;;) {
    if (word === 'no' || word === 'nobody') return undefined;
    if (word === 'yes') return own ?? { patch: offer.patch, receipt: offer.receipt, wrong: '' };
    const patch = ownPatch(offer, word.texts);
    if (patch === undefined) return undefined;
    own = await judge(context, offer, patch, signal);
    if (own.wrong === '') return own;
    word = await context.confirm(`${own.wrong}\nWrite it all the same?`, signal);
  }
}

/** @throws Error for a file that the offer does not change: nobody has looked at it. */
function ownPatch({ patch, base }: Offer, texts: ReadonlyMap<string, string | null>): Patch | undefined {
  const foreign = [...texts.keys()].find((path) => !patch.edits.some((edit) => edit.path === path));
  if (foreign !== undefined) throw new Error(`${foreign} is not part of the offered change, so it cannot be taken with it. Change it yourself after the run.`);
  const edits = patch.edits.flatMap((edit): readonly FileEdit[] => {
    const text = texts.get(edit.path);
    if (text === undefined) return [edit];
    return text === (base.get(edit.path)?.text ?? null) ? [] : [{ ...edit, text }];
  });
  return edits.length === 0 ? undefined : { edits };
}

/** The failing check first, then what passed before; without a check nothing can be said against it. */
async function judge(context: RunContext, { failure, base, patch: offered, receipt, candidate }: Offer, patch: Patch, signal: AbortSignal): Promise<Decided> {
  if (JSON.stringify(patch) === JSON.stringify(offered)) return { patch, receipt, wrong: '' };
  if (failure.shownBy === 'words') return { patch, receipt: undefined, wrong: '' };
  const command = failure.target.argv.join(' ');
  const target = await context.verifier.verify({ check: failure.target, patch, base, purpose: 'verify your part', candidate, wallMs: failure.wallMs }, signal);
  if (!target.outcome.passed) return { patch, receipt: undefined, wrong: `"${command}" fails with your version of the change:\n${target.outcome.failure.slice(0, FAILURE_CHARS_MAX)}` };
  for (const check of failure.wider) {
    const before = await context.verifier.verify({ check, purpose: 'what passes before', wallMs: context.settings.checkWallMs }, signal);
    const after = await context.verifier.verify({ check, patch, base, purpose: 'verify your part: all tests', candidate, wallMs: context.settings.checkWallMs }, signal);
    const lost = regressions(before.outcome, after.outcome);
    if (lost.length > 0) return { patch, receipt: undefined, wrong: `"${command}" passes with your version of the change, but it breaks ${lost.slice(0, 3).join(', ')}.` };
  }
  return { patch, receipt: target.receipt, wrong: '' };
}
