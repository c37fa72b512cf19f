/** Decides how a model is asked to write a function anew: what it is shown, how often, at which temperatures, and in which format. */
import type { SharedContext } from '../agents/prompt.ts';
import { layOut } from '../agents/prompt.ts';
import { coder } from '../agents/roles/coder.ts';
import type { ChatMessage, ChatModel, ModelReply } from '../model/chatModel.ts';
import type { EditProposal } from './cloze.ts';
import { type Failure, failureSection } from './evidence.ts';
import type { Project } from '../checks/project.ts';
import { relatedCode } from './related.ts';
import { type ReplyText, type Unit, holdsWholeCode, readEditReply, readWholeReply } from './rewriteReply.ts';
import type { Suspect } from './suspect.ts';
import { FUNCTION_TYPES, ancestorsOf, enclosingFunction, functionName } from './syntaxTree.ts';

export interface RewriteRequest {
  readonly model: ChatModel;
  readonly suspects: readonly Suspect[];
  readonly project: Project;
  readonly failure: Failure;
  readonly task: string | null;
  readonly seed: number;
  /** Replies asked for; absent: by the size of the model. */
  readonly samples?: number;
  /** What all roles of the run share; stands first in the prompt. */
  readonly shared?: SharedContext;
  /** The planner's cause, or what was found wrong with an earlier candidate. */
  readonly advice?: string;
  /** Why a proposal fell at its test; asked only for models that can use it. undefined: it did not fall there. */
  readonly failureOf?: (proposal: EditProposal) => Promise<Failure | undefined>;
  /** Each reply that could not be used. */
  readonly onMalformed?: (call: string, reason: string) => void;
}

const FILE_LINES_MAX = 300;
/** Functions asked about side by side; one that the model only copies gives its place to the next. */
const UNITS_AT_ONCE = 3;
const RELATED_TOKENS_MAX = 120;
const EDIT_BLOCKS_ABOVE_B = 16;
/** A rewrite is rarely much longer than what it replaces; a reply that runs away is cut. */
const REPLY_TOKENS_EXTRA = 160;
const TEMPERATURES = [0.4, 0.6, 0.8] as const;

/** Start points of design 03, by billions of parameters: small models do better sampled anew than shown their failure. */
export function rewriteBudget(parametersB: number): { readonly samples: number; readonly repairs: number } {
  if (parametersB <= 3.5) return { samples: 8, repairs: 0 };
  if (parametersB <= 9) return { samples: 4, repairs: 1 };
  if (parametersB <= EDIT_BLOCKS_ABOVE_B) return { samples: 3, repairs: 2 };
  return { samples: 2, repairs: 2 };
}

/**
 * Offers rewrites: the most suspicious functions once each at temperature 0, then samples of them in turn; undefined for a
 * reply that cannot be used. A function that the model only copies is not asked about again (a sound one was copied word for
 * word in 8 of 8 samples, 15 s each, while the broken one waited). The next call starts when the next reply is asked for.
 * @throws what the model throws; signal.reason when aborted.
 */
export async function* rewriteCandidates(request: RewriteRequest, signal: AbortSignal): AsyncGenerator<EditProposal | undefined> {
  const units = await unitsOf(request);
  const budget = rewriteBudget(request.model.facts.parametersB);
  const seen = new Set<string>();
  const copied = new Set<RewriteUnit>();
  let rank = 0;
  for (const step of steps(units, copied, request.samples ?? budget.samples)) {
    const { unit } = step;
    let messages = promptFor(request, unit);
    for (let round = 0; round <= budget.repairs; round++) {
      signal.throwIfAborted();
      const { reply, read } = await askOnce(request, { unit, messages, step }, signal);
      rank++;
      if (read.kind === 'malformed') {
        request.onMalformed?.(reply.call, read.reason);
        if (read.isCopy && round === 0 && step.temperature === 0) copied.add(unit);
        yield undefined;
        break;
      }
      const key = `${unit.path}\0${read.text}`;
      if (seen.has(key)) {
        yield undefined;
        break;
      }
      seen.add(key);
      const proposal = { path: unit.path, text: read.text, note: `rewrites ${unit.symbol || unit.path}`, rank, call: reply.call };
      yield proposal;
      const failure = round < budget.repairs ? await request.failureOf?.(proposal) : undefined;
      if (failure === undefined) break;
      messages = [...messages, { role: 'assistant', content: reply.text }, { role: 'user', content: `That is not right yet.\n${failureSection(failure)}\nReply in the same form.` }];
    }
  }
}

interface RewriteUnit extends Unit {
  readonly shown: string;
  readonly related: readonly string[];
  readonly fence: string;
}

interface Step {
  readonly unit: RewriteUnit;
  readonly temperature: number;
  readonly seedOffset: number;
}

/** One greedy reply per function, then samples: two of the first for each one of the others. `copied` grows meanwhile. */
function* steps(units: readonly RewriteUnit[], copied: ReadonlySet<RewriteUnit>, samples: number): Generator<Step> {
  const asked = new Set<RewriteUnit>();
  for (let call = 0, sample = 0; call < samples; call++) {
    const open = units.filter((unit) => !copied.has(unit)).slice(0, UNITS_AT_ONCE);
    const [first, ...others] = open;
    if (first === undefined) return;
    const fresh = open.find((unit) => !asked.has(unit));
    if (fresh !== undefined) {
      asked.add(fresh);
      yield { unit: fresh, temperature: 0, seedOffset: 0 };
      continue;
    }
    const unit = sample % 3 < 2 ? first : (others[Math.floor(sample / 3) % Math.max(1, others.length)] ?? first);
    yield { unit, temperature: TEMPERATURES[sample % TEMPERATURES.length] ?? 0.6, seedOffset: ++sample };
  }
}

interface Question {
  readonly unit: RewriteUnit;
  readonly messages: readonly ChatMessage[];
  readonly step: Step;
}

async function askOnce(request: RewriteRequest, { unit, messages, step }: Question, signal: AbortSignal): Promise<{ readonly reply: ModelReply; readonly read: ReplyText }> {
  const edits = request.model.facts.parametersB > EDIT_BLOCKS_ABOVE_B;
  const reply = await request.model.chat(
    {
      role: 'coder', task: request.task, purpose: `rewrite ${unit.symbol || unit.path}`, priority: 'sample', messages,
      sampling: { temperature: step.temperature, seed: request.seed + step.seedOffset, replyTokensMax: Math.min(coder.limits.replyTokensMax, Math.ceil(request.model.countTokens(unit.shown) * 1.5) + REPLY_TOKENS_EXTRA) },
      onText: (text) => edits || !holdsWholeCode(text, unit.symbol),
    },
    signal,
  );
  const asEdits = edits ? readEditReply(reply.text, unit) : undefined;
  const read = asEdits?.kind === 'text' ? asEdits : await readWholeReply(reply.text, unit, request.project.syntax, reply.done === 'length');
  return { reply, read };
}

function promptFor(request: RewriteRequest, unit: RewriteUnit): readonly ChatMessage[] {
  const edits = request.model.facts.parametersB > EDIT_BLOCKS_ABOVE_B;
  const how = edits
    ? 'Reply with search/replace blocks only:\n<<<<<<< SEARCH\nlines as they are\n=======\nlines as they should be\n>>>>>>> REPLACE'
    : `Reply with the whole corrected ${unit.range === undefined ? 'file' : 'function'} in one fenced block, nothing left out, no explanation.`;
  const text = [
    failureSection(request.failure),
    ...(request.advice === undefined || request.advice === '' ? [] : [request.advice]),
    ...(unit.related.length === 0 ? [] : [`Used by it:\n\`\`\`${unit.fence}\n${unit.related.join('\n')}\n\`\`\``]),
    `${unit.path}:\n\`\`\`${unit.fence}\n${unit.shown}\n\`\`\``,
    `Find the bug in ${unit.symbol === '' ? 'this code' : unit.symbol} and fix it, so that the test passes and the rest behaves as before. ${how}`,
  ].join('\n\n');
  return layOut(request.shared ?? { records: [] }, coder, text);
}

async function unitsOf(request: RewriteRequest): Promise<readonly RewriteUnit[]> {
  const units = new Map<string, RewriteUnit>();
  const count = (text: string): number => request.model.countTokens(text);
  for (const suspect of [...request.suspects].sort((a, b) => b.score - a.score)) {
    const file = await request.project.read(suspect.path);
    if (file === undefined) continue;
    const tree = await request.project.syntax.parse(suspect.path, file.text);
    const inner = tree === undefined ? undefined : enclosingFunction(tree.root, suspect.line);
    const fence = request.project.syntax.languageOf(suspect.path).replace('other', '');
    const base = { path: suspect.path, text: file.text, errors: tree?.errors ?? 0, fence };
    if (tree === undefined || inner === undefined) {
      if (file.text.split('\n').length > FILE_LINES_MAX) continue;
      units.set(suspect.path, { ...base, range: undefined, symbol: '', shown: file.text.trimEnd(), related: [] });
      continue;
    }
    const node = [inner, ...ancestorsOf(tree.root, inner).filter((one) => FUNCTION_TYPES.has(one.type))].find((one) => functionName(tree.root, file.text, one) !== '') ?? inner;
    const lines = file.text.split(/\r?\n/);
    let first = node.line;
    while (first > 1 && /^\s*(?:\/\/|\/\*|\*|#|@)/.test(lines[first - 2] ?? '')) first--;
    const region = { first, last: node.endLine };
    if (node.endLine - node.line > FILE_LINES_MAX || count(lines.slice(first - 1, node.endLine).join('\n')) * 2.5 > request.model.facts.windowTokens) continue;
    units.set(`${suspect.path}:${node.start}`, {
      ...base,
      range: { start: node.start, end: node.end },
      symbol: functionName(tree.root, file.text, node),
      shown: lines.slice(first - 1, node.endLine).join('\n'),
      related: relatedCode({ text: file.text, root: tree.root }, region, { tokensMax: RELATED_TOKENS_MAX, count }),
    });
  }
  return [...units.values()];
}
