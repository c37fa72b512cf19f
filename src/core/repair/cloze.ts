/** Decides how a model that can fill gaps repairs: one short greedy fill for each suspicious place, never a whole function. */
import type { Language } from '../domain/check.ts';
import type { ChatModel, ModelReply } from '../model/chatModel.ts';
import type { SyntaxNode } from '../ports.ts';
import { type Gap, type Region, fillGap, gapsOf, regionsOf, sidesOf } from './clozeGaps.ts';
import { type Failure, failureComment } from './evidence.ts';
import type { Project } from './project.ts';
import type { Suspect } from './suspect.ts';

/** One edit that a source offers: the whole new text of one file. */
export interface EditProposal {
  readonly path: string;
  readonly text: string;
  /** What it changes, in a few words, for a person. */
  readonly note: string;
  /** Lower is tried earlier within one source. */
  readonly rank: number;
  /** The model call that wrote it. */
  readonly call: string;
}

export interface ClozeRequest {
  readonly model: ChatModel;
  readonly suspects: readonly Suspect[];
  readonly project: Project;
  readonly failure: Failure;
  readonly task: string | null;
  readonly seed: number;
  /** Model calls at most; default 80. */
  readonly callsMax?: number;
}

const BEFORE_TOKENS_MAX = 400;
const AFTER_TOKENS_MAX = 100;
const CALLS_MAX = 80;
const REGIONS_MAX = 3;
const FILL_TOKENS_MAX = 80;
const FILL_LINES_MAX = 6;

export interface Pass {
  readonly kind: Gap['kind'];
  /** The line that stood in the gap is shown above it, marked as wrong. */
  readonly shown: boolean;
  readonly temperature: number;
}

export const PASSES: readonly Pass[] = [
  { kind: 'line', shown: false, temperature: 0 },
  { kind: 'line', shown: true, temperature: 0 },
  { kind: 'between', shown: false, temperature: 0 },
  { kind: 'span', shown: true, temperature: 0 },
];

/**
 * Offers fills gap by gap; the next call to the model starts when the next proposal is asked for.
 * @throws what the model throws; signal.reason when aborted.
 */
export async function* clozeCandidates(request: ClozeRequest, signal: AbortSignal, passes = PASSES): AsyncGenerator<EditProposal & { pass?: Pass; reply?: ModelReply; variant?: string }> {
  const files = await parsedFiles(request);
  const regions = regionsOf(request.suspects, files).slice(0, REGIONS_MAX);
  const seen = new Set<string>();
  let calls = 0;
  for (const pass of passes) {
    for (const region of regions) {
      const errors = files.get(region.path)?.errors ?? 0;
      for (const gap of gapsOf(region, pass.kind)) {
        signal.throwIfAborted();
        if (calls >= (request.callsMax ?? CALLS_MAX)) return;
        calls++;
        const reply = await ask(request, region, gap, pass, signal);
        for (const { lines: fill, variant } of readFill(reply, region, gap)) {
          const text = fillGap(region, gap, fill);
          if (text === undefined || seen.has(`${region.path}\0${text}`)) continue;
          seen.add(`${region.path}\0${text}`);
          const parsed = await request.project.syntax.parse(region.path, text);
          if (parsed !== undefined && parsed.errors > errors) continue;
          yield { path: region.path, text, note: `fills line ${gap.first} of ${region.path}`, rank: calls, call: reply.call, pass, reply, variant };
        }
      }
    }
  }
}

async function ask(request: ClozeRequest, region: Region, gap: Gap, pass: Pass, signal: AbortSignal): Promise<ModelReply> {
  const { model } = request;
  const sides = sidesOf(region, gap, { beforeTokensMax: BEFORE_TOKENS_MAX, afterTokensMax: AFTER_TOKENS_MAX, count: (text) => model.countTokens(text) });
  const header = failureComment(request.failure, region.language);
  const prefix = `${header}\n${sides.prefix}${pass.shown ? shownWrong(region, gap) : ''}`;
  const next = sides.suffix.split('\n').find((line) => /\w/.test(line))?.trim();
  return await model.fill(
    {
      role: 'coder', task: request.task, purpose: `fill ${region.path}:${gap.first}`, priority: 'sample', prefix, suffix: sides.suffix,
      sampling: { temperature: pass.temperature, seed: request.seed, replyTokensMax: FILL_TOKENS_MAX },
      onText: (text) => !isComplete(text, next),
    },
    signal,
  );
}

function isComplete(text: string, next: string | undefined): boolean {
  const lines = text.split('\n').slice(0, -1);
  return lines.filter((line) => line.trim() !== '').length >= FILL_LINES_MAX || (next !== undefined && lines.some((line) => line.trim() === next));
}

function shownWrong(region: Region, gap: Gap): string {
  const mark = region.language === 'python' ? '#' : '//';
  return region.lines.slice(gap.first - 1, gap.last).map((line) => `${/^\s*/.exec(line)?.[0] ?? ''}${mark} BUG: ${line.trim()}\n`).join('') + `${/^\s*/.exec(region.lines[gap.first - 1] ?? '')?.[0] ?? ''}${mark} FIXED:\n`;
}

/** What one reply may mean, likeliest first. */
function readFill(reply: ModelReply, region: Region, gap: Gap): readonly { lines: readonly string[]; variant: string }[] {
  let lines = reply.text.replaceAll('\r', '').split('\n');
  if (reply.done === 'length') lines = lines.slice(0, -1);
  const next = region.lines.slice(gap.last, region.last).find((line) => /\w/.test(line))?.trim();
  const repeated = next === undefined ? -1 : lines.findIndex((line) => line.trim() === next);
  if (repeated >= 0) lines = lines.slice(0, repeated);
  while (lines.length > 0 && lines[0]?.trim() === '') lines.shift();
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length === 0) return [];
  const old = region.lines.slice(gap.first - 1, gap.last);
  const found: { lines: readonly string[]; variant: string }[] = [{ lines, variant: 'whole' }];
  if (lines.length > 1) found.push({ lines: lines.slice(0, 1), variant: 'first' });
  if (gap.kind !== 'between' && !lines.some((line) => line.trim() === old[0]?.trim())) found.push({ lines: [...lines, ...old], variant: 'before' });
  return found;
}

async function parsedFiles(request: ClozeRequest): Promise<ReadonlyMap<string, { readonly text: string; readonly language: Language; readonly root: SyntaxNode | undefined; readonly errors: number }>> {
  const files = new Map<string, { text: string; language: Language; root: SyntaxNode | undefined; errors: number }>();
  for (const path of new Set(request.suspects.map((suspect) => suspect.path))) {
    const file = await request.project.read(path);
    if (file === undefined) continue;
    const tree = await request.project.syntax.parse(path, file.text);
    files.set(path, { text: file.text, language: request.project.syntax.languageOf(path), root: tree?.root, errors: tree?.errors ?? 0 });
  }
  return files;
}
