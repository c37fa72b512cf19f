/** Decides how a person is asked, and that each question is answered once: by its row in the tree, a toast or a dialog, whichever comes first. */
import * as vscode from 'vscode';
import type { ApprovalAnswer, ApprovalRequest } from '../core/ports.ts';
import type { EditPlan } from '../core/workflows/ownPlan.ts';
import type { Word } from '../core/workflows/runContext.ts';
import { commandLine, short } from '../core/trace/text.ts';
import type { Plans } from './plans.ts';
import type { Question, Run, RunBook, Runs } from './runs.ts';

/** To an offered change: as it is, not at all, or the person's own version of it. */
type ChangeAnswer = 'apply' | 'discard' | Exclude<Word, string>;
export type Answer = ApprovalAnswer | ChangeAnswer;

export interface Questions {
  /** Resolves with the person's word. Rejects with signal.reason when the run is stopped meanwhile. */
  approve(run: string, request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer>;
  /** Whether the chosen change is to be written. `text`: the question as the core asks it. */
  apply(run: string, text: string, signal: AbortSignal): Promise<Word>;
  /** The plan as the person leaves it; undefined: as it was offered. */
  plan(run: string, offered: Parameters<EditPlan>[0], signal: AbortSignal): ReturnType<EditPlan>;
  /** false: there is no such open question; an answer counts once. `digest`, where given, must be the question's own. */
  answer(question: string, answer: Answer, digest?: string): boolean;
}

/** A plan is answered in its own document (plans.ts). */
type Asked = Exclude<Question, { readonly kind: 'plan' }>;

export function createQuestions(book: RunBook, isTreeVisible: () => boolean, plans: Pick<Plans, 'edit'>): Questions {
  const open = new Map<string, { readonly question: Asked; readonly settle: (answer: Answer) => void }>();

  const answer: Questions['answer'] = (id, given, digest) => {
    const asked = open.get(id);
    if (asked === undefined || !fits(asked.question, given)) return false;
    if (digest !== undefined && (asked.question.kind !== 'approval' || asked.question.request.digest !== digest)) return false;
    open.delete(id);
    asked.settle(given);
    return true;
  };

  async function ask(run: string, question: Asked, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const settled = new Promise<Answer>((resolve, reject) => {
      const stop = (): void => {
        open.delete(question.id);
        reject(signal.reason);
      };
      signal.addEventListener('abort', stop, { once: true });
      open.set(question.id, {
        question,
        settle: (given) => {
          signal.removeEventListener('abort', stop);
          resolve(given);
        },
      });
    });
    book.ask(run, question);
    try {
      void show(book.get(run), question, isTreeVisible(), (given) => answer(question.id, given));
      return await settled;
    } finally {
      book.answered(run, question.id);
    }
  }

  return {
    answer,
    async plan(run, offered, signal) {
      const id = `${run}:plan`;
      try {
        return await plans.edit(offered, (document) => book.ask(run, { kind: 'plan', id, document }), signal);
      } finally {
        book.answered(run, id);
      }
    },
    async approve(run, request, signal) {
      const given = await ask(run, { kind: 'approval', id: request.id, request }, signal);
      return isAboutTheChange(given) ? 'refused' : given;
    },
    async apply(run, text, signal) {
      const given = await ask(run, { kind: 'apply', id: `${run}:apply`, text }, signal);
      return typeof given === 'object' ? given : given === 'apply' ? 'yes' : 'no';
    },
  };
}

/** The question that a menu, a key or the palette means: the one named, else the only one, else the oldest. */
export function questionFor(runs: Runs, kind: Question['kind'], id: string | undefined): { readonly run: Run; readonly question: Question } | undefined {
  const all = runs.all.flatMap((run) => run.questions.map((question) => ({ run, question }))).filter(({ question }) => question.kind === kind);
  return id === undefined ? all[0] : all.find(({ run, question }) => question.id === id || run.id === id);
}

function fits({ kind }: Question, answer: Answer): boolean {
  return isAboutTheChange(answer) === (kind === 'apply');
}

function isAboutTheChange(answer: Answer): answer is ChangeAnswer {
  return typeof answer === 'object' || answer === 'apply' || answer === 'discard';
}

async function show(run: Run | undefined, question: Asked, isTreeVisible: boolean, settle: (answer: Answer) => boolean): Promise<void> {
  // High risk stops the person at once; the rest waits in the tree, and says so only where the tree is not seen:
  // a toast cannot be taken away when the answer comes from elsewhere.
  if (isTreeVisible && (question.kind === 'apply' || question.request.risk !== 'high')) return;
  if (question.kind === 'apply') return await showChange(run, question.text);
  const { request } = question;
  const choices: readonly { readonly title: string; readonly answer: ApprovalAnswer; readonly isCloseAffordance?: boolean }[] = [
    { title: 'Run Once', answer: 'once' },
    ...(request.rememberable ? [{ title: 'Always Allow Here', answer: 'workspace' as const }] : [{ title: 'Allow for This Run', answer: 'run' as const }]),
    { title: 'Do Not Run', answer: 'refused', isCloseAffordance: true },
  ];
  const picked = request.risk === 'high'
    ? await vscode.window.showWarningMessage(headOf(request), { modal: true, detail: describe(request) }, ...choices)
    : await vscode.window.showInformationMessage(`${askOf(request)} The ${request.role} asks, because ${request.why}.`, ...choices);
  // A toast that is closed leaves the question in the tree; a dialog has no such place to go back to.
  if (picked !== undefined) settle(picked.answer);
}

/** Its buttons are commands: what was cut or edited meanwhile counts. */
async function showChange(run: Run | undefined, text: string): Promise<void> {
  if (isOwnVersion(text)) return; // the surface in which it was edited tells that (proposals.ts)
  const commands: Readonly<Record<string, string>> = { 'Review Changes': 'groundcrew.reviewChanges', 'Apply All': 'groundcrew.applyAll', 'Discard Run': 'groundcrew.discardRun' };
  const picked = await vscode.window.showInformationMessage(`Ready to review: ${run?.title ?? 'a change'}. ${claimOf(text)} Your files are as before.`, ...Object.keys(commands));
  if (picked !== undefined && run !== undefined) await vscode.commands.executeCommand(commands[picked] ?? '', { run: run.id });
}

/** The person's own version was judged, and something fails with it. */
export function isOwnVersion(text: string): boolean {
  return text.includes('with your version of the change');
}

/** What is known of the change, in a sentence. */
export function claimOf(text: string): string {
  if (isOwnVersion(text)) return `${(text.split('\n', 1)[0] ?? '').replace(/:$/u, '.')}`;
  return text.includes('nothing proves this change') ? 'No failing test proves it.' : 'Its tests pass with the change.';
}

/** Risk in words, not in colour. */
export function headOf({ role, risk }: ApprovalRequest): string {
  return risk === 'high' ? `May the ${role} do this, with all your rights?` : `May the ${role} run this?`;
}

export function describe({ what, why, rule, risk, tool }: ApprovalRequest): string {
  return [what, '', `Why you are asked: ${why}.`, `Rule: ${rule} · tool: ${tool} · risk: ${risk}`].join('\n');
}

/** The question in a few words: the check as its project calls it, else the command; all of it is in `what`. */
export function askOf({ role, tool, what, check }: ApprovalRequest): string {
  const [head = '', subject = ''] = what.split('\n');
  if (check !== undefined) return `Run ${short(commandLine(check), ASK_CHARS_MAX)}?`;
  return tool.startsWith('run_') && subject !== '' ? `Run ${short(subject, ASK_CHARS_MAX)}?` : short(head.replace(`${role} wants to call ${tool}`, tool.replaceAll('_', ' ')), ASK_CHARS_MAX);
}

const ASK_CHARS_MAX = 60;
