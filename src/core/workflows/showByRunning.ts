/** Decides which findings are shown: those whose function, called in the sandbox, goes wrong as it stands and not as it should be. */
import { readBehaviour } from '../repair/behaviour.ts';
import { type Contest, contestOf, shownBy } from '../review/contest.ts';
import type { Draft } from '../review/findings.ts';
import { runCheck } from '../tools/runCheck.ts';
import { ToolRefused } from '../tools/toolbox.ts';
import type { Reviewed } from './reviewed.ts';
import type { RunContext } from './runContext.ts';
import { checkLimits } from './verifier.ts';

/** Findings of one file that are put to the test; each costs two short processes. */
const CONTESTS_MAX = 4;

/** The same drafts; those that a run shows are errors, with the call and what it gave. */
export async function showByRunning(context: RunContext, { file, source, ranges, before }: Reviewed, drafts: readonly Draft[], signal: AbortSignal): Promise<readonly Draft[]> {
  if (source === undefined || !context.confined) return drafts;
  const found: Draft[] = [];
  let tried = 0;
  let refused = false;
  for (const draft of drafts) {
    const contest = draft.severity === 'info' || refused || tried >= CONTESTS_MAX ? undefined : contestOf(source, draft.line);
    const other = draft.edit === undefined ? (ranges === undefined ? undefined : before) : withLine(file.text, draft.line, draft.edit.text);
    if (contest === undefined || other === undefined || other === file.text) {
      found.push(draft);
      continue;
    }
    tried++;
    const shown = await contend(context, { path: file.path, contest, now: file.text, other }, signal);
    if (shown === 'refused') refused = true;
    found.push(shown === 'refused' || shown === undefined ? draft : { ...draft, severity: 'error', proof: 'shown', evidence: `${draft.evidence}\n${shown.call} gives ${shown.now}; ${draft.edit === undefined ? 'before the change it gave' : 'with the suggested line'} ${shown.other}` });
  }
  return found;
}

interface Sides {
  readonly path: string;
  readonly contest: Contest;
  readonly now: string;
  readonly other: string;
}

async function contend(context: RunContext, { path, contest, now, other }: Sides, signal: AbortSignal): Promise<ReturnType<typeof shownBy> | 'refused'> {
  const run = async (text: string): Promise<readonly (string | undefined)[]> => {
    const { plan } = contest;
    const result = await context.tools('verifier').call(runCheck, {
      check: { argv: [...plan.argv], cwd: '', runner: 'script', origin: 'reproduction', scope: 'test', definedBy: '' },
      argv: [...plan.argv], env: {}, kit: {}, collect: [], confined: context.confined, limits: checkLimits(plan.wallMs),
      overlay: [{ path, text: contest.overlaid(text), encoding: 'utf8', bom: false }, ...plan.overlay.map((one) => ({ ...one, encoding: 'utf8' as const, bom: false }))],
    }, signal);
    return readBehaviour(plan, result);
  };
  try {
    return shownBy(contest, await run(now), await run(other));
  } catch (error) {
    if (!(error instanceof ToolRefused)) throw error;
    context.emit('degraded', { what: `findings were not put to the test (with --approve safe or groundcrew.approvals.policy they are, in the sandbox): ${error.message}` });
    return 'refused';
  }
}

function withLine(text: string, line: number, replacement: string): string {
  const lines = text.split('\n');
  const end = lines[line - 1]?.endsWith('\r') === true ? '\r' : '';
  return lines.with(line - 1, replacement + end).join('\n');
}
