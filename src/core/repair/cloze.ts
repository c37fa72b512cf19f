/** Decides how a model that can fill gaps repairs: one short greedy fill for each suspicious place, never a whole function. */
import type { Language } from '../domain/check.ts';
import type { CallLabel, ChatModel, ModelReply, Sampling } from '../model/chatModel.ts';
import type { SyntaxNode } from '../ports.ts';
import { type Gap, type Region, fillGap, gapsOf, regionsOf, sidesOf } from './clozeGaps.ts';
import { type Failure, failureComment } from './evidence.ts';
import type { Project } from '../checks/project.ts';
import { relatedCode } from './related.ts';
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
  /** Places asked about before all others, looked up anew for each call: what the model writes there tells candidates apart that pass. */
  readonly first?: () => readonly Place[];
  /** Told when every such place has been asked about, at least one; again when more have come. */
  readonly onFirstAsked?: () => void;
  /** Awaited once, when the likeliest lines have been gone through: a moment for another way of asking. */
  readonly onNearAsked?: () => Promise<void>;
  /** Awaited once, when every line has been asked about, before they are asked about again in other ways. */
  readonly onLinesAsked?: () => Promise<void>;
}

export interface Place {
  readonly path: string;
  readonly line: number;
}

const BEFORE_TOKENS_MAX = 400;
const AFTER_TOKENS_MAX = 100;
const RELATED_TOKENS_MAX = 80;
const CALLS_MAX = 80;
/** Gaps of one function in each pass after the first: on 11 own bugs those passes fixed none that the first had not. */
const LATER_GAPS_MAX = 12;
const REGIONS_MAX = 6;
/** Gaps before `onNearAsked`: at 2 s each on two cores, as long as three rewrites. */
const NEAR_GAPS_MAX = 24;
/** What it costs to turn to another function, in gaps: its text has to be read (200 to 400 tokens). */
const TURN_GAPS = 12;
const FILL_TOKENS_MAX = 80;
/** A guard with its braces and the line that follows it. */
const FILL_LINES_MAX = 6;

/** One way through all gaps. `shown`: the line that stood in the gap is shown above it, marked as wrong. */
interface Pass {
  readonly kind: Gap['kind'];
  readonly shown: boolean;
}

/**
 * The plain line first: a fill may be several lines, so that it covers a guard before or after too. Measured with the 1.5B,
 * greedy, on 11 own one-function bugs: it fixed 5 by itself; the line shown as wrong, and gaps between lines, fixed none
 * that it had not, so they come after it.
 */
const PASSES: readonly Pass[] = [
  { kind: 'line', shown: false },
  { kind: 'line', shown: true },
  { kind: 'span', shown: false },
  { kind: 'between', shown: false },
];

/**
 * Offers fills gap by gap, function by function; the next call to the model starts when the next proposal is
 * asked for. Nothing is offered twice, and nothing that parses worse than the base. Models that cannot fill are asked in a chat.
 * @throws what the model throws; signal.reason when aborted.
 */
export async function* clozeCandidates(request: ClozeRequest, signal: AbortSignal, passes: readonly Pass[] = PASSES): AsyncGenerator<EditProposal> {
  const files = await parsedFiles(request);
  const regions = byYield(regionsOf(request.suspects, files)).slice(0, REGIONS_MAX);
  const seen = new Set<string>();
  let calls = 0;
  let paused = false;
  for (const [round, pass] of passes.entries()) {
    const gapsMax = round === 0 ? Number.POSITIVE_INFINITY : LATER_GAPS_MAX;
    const left = regions.flatMap((region) => hottest(region, gapsOf(region, pass.kind), gapsMax).map((gap) => ({ region, gap })));
    if (round === 1) {
      if (!paused) await request.onNearAsked?.();
      paused = true;
      await request.onLinesAsked?.();
    }
    for (let next = takeNext(left, request); next !== undefined; next = takeNext(left, request)) {
      const { region, gap } = next;
      signal.throwIfAborted();
      if (calls >= (request.callsMax ?? CALLS_MAX)) return;
      if (!paused && calls >= NEAR_GAPS_MAX) {
        paused = true;
        await request.onNearAsked?.();
      }
      calls++;
      const file = files.get(region.path);
      const header = headerOf(request, region, file);
      const reply = await ask(request, { region, gap, pass, header }, signal);
      for (const [index, fill] of readFill(reply, region, gap).entries()) {
        const text = fillGap(region, gap, fill);
        if (text === undefined || seen.has(`${region.path}\0${text}`)) continue;
        seen.add(`${region.path}\0${text}`);
        const parsed = await request.project.syntax.parse(region.path, text);
        if (parsed !== undefined && parsed.errors > (file?.errors ?? 0)) continue;
        yield { path: region.path, text, note: noteOf(region, gap, fill), rank: calls + index / 10, call: reply.call };
      }
    }
  }
}

/**
 * By suspicion for the calls that it takes: a short function is gone through in the time of a few lines of a long one. What is
 * less than half as suspicious as the first is left out: constants and set-up cost 60 s of one bug and held none.
 */
function byYield(regions: readonly Region[]): readonly Region[] {
  const most = Math.max(...regions.map(({ scoreMax }) => scoreMax));
  const worth = (region: Region): number => region.scoreMax / (TURN_GAPS + gapsOf(region, 'line').length);
  return regions.filter(({ scoreMax }) => scoreMax * 2 >= most).toSorted((a, b) => worth(b) - worth(a));
}

interface Opening {
  readonly region: Region;
  readonly gap: Gap;
}

/** Takes out the next gap: one at a place to ask about first, else the first in order. undefined: none is left. */
function takeNext(left: Opening[], { first, onFirstAsked }: Pick<ClozeRequest, 'first' | 'onFirstAsked'>): Opening | undefined {
  const places = first?.() ?? [];
  const isFirst = ({ region, gap }: Opening): boolean => places.some(({ path, line }) => path === region.path && gap.first <= line && line <= Math.max(gap.first, gap.last));
  const at = left.findIndex(isFirst);
  if (at < 0 && places.length > 0) onFirstAsked?.();
  return left.splice(Math.max(0, at), 1)[0];
}

/** The most suspicious gaps, still in order of text. */
function hottest(region: Region, gaps: readonly Gap[], max: number): readonly Gap[] {
  if (gaps.length <= max) return gaps;
  const heat = (gap: Gap): number => region.score.get(gap.first) ?? 0;
  const kept = new Set([...gaps].sort((a, b) => heat(b) - heat(a)).slice(0, max));
  return gaps.filter((gap) => kept.has(gap));
}

interface Question {
  readonly region: Region;
  readonly gap: Gap;
  readonly pass: Pass;
  readonly header: string;
}

async function ask(request: ClozeRequest, { region, gap, pass, header }: Question, signal: AbortSignal): Promise<ModelReply> {
  const { model } = request;
  const sides = sidesOf(region, gap, { beforeTokensMax: BEFORE_TOKENS_MAX, afterTokensMax: AFTER_TOKENS_MAX, count: (text) => model.countTokens(text) });
  const call = {
    role: 'coder', task: request.task, purpose: `fill ${region.path}:${gap.first}${pass.kind === 'line' ? '' : ` (${pass.kind})`}`, priority: 'sample',
    sampling: { temperature: 0, seed: request.seed, replyTokensMax: FILL_TOKENS_MAX },
  } as const;
  const next = nextLine(region, gap);
  if (!model.facts.canFill) return await askInChat(request, { ...call, region, gap, header, sides }, signal);
  const prefix = `${header}${sides.prefix}${pass.shown ? shownWrong(region, gap) : ''}`;
  return await model.fill({ ...call, prefix, suffix: sides.suffix, onText: (text) => !isComplete(text, next) }, signal);
}

/** What the function uses, then what fails: constant for a region, so that its tokens are read once. */
function headerOf(request: ClozeRequest, region: Region, file: ParsedFile | undefined): string {
  const count = (text: string): number => request.model.countTokens(text);
  const related = file?.root === undefined ? [] : relatedCode({ text: file.text, root: file.root }, region, { tokensMax: RELATED_TOKENS_MAX, count });
  return [...related, failureComment(request.failure, region.language)].map((part) => `${part}\n`).join('');
}

function isComplete(text: string, next: string | undefined): boolean {
  const lines = text.split('\n').slice(0, -1);
  return lines.filter((line) => line.trim() !== '').length >= FILL_LINES_MAX || (next !== undefined && lines.some((line) => line.trim() === next));
}

function shownWrong(region: Region, gap: Gap): string {
  const mark = commentMark(region.language);
  const indent = indentOf(region.lines[gap.first - 1] ?? '');
  const old = region.lines.slice(gap.first - 1, gap.last).map((line) => `${indent}${mark} BUG: ${line.trim()}\n`);
  return `${old.join('')}${indent}${mark} FIXED:\n`;
}

/** What one reply may mean, likeliest first. */
function readFill(reply: ModelReply, region: Region, gap: Gap): readonly (readonly string[])[] {
  const lines = cleanFill(reply, region, gap);
  if (lines.length === 0) return [];
  const old = region.lines.slice(gap.first - 1, gap.last);
  const found: (readonly string[])[] = [lines];
  if (lines.length > 1) found.push(lines.slice(0, 1));
  const keepsOld = lines.some((line) => line.trim() === old[0]?.trim());
  // A guard that the model wrote in place of the line, not before it.
  if (gap.kind === 'line' && !keepsOld && !/^\s*(?:return|throw|raise|break|continue)\b/.test(lines.at(-1) ?? '')) found.push([...lines, ...old]);
  return found;
}

/** The reply's lines up to where it leaves the function, repeats what follows the gap, or was cut. */
function cleanFill(reply: ModelReply, region: Region, gap: Gap): readonly string[] {
  let lines = reply.text.replaceAll('\r', '').replaceAll(/<\|[^|]*\|>/g, '').split('\n');
  if (reply.done === 'length') lines = lines.slice(0, -1);
  const next = nextLine(region, gap);
  const end = lines.findIndex((line) => (next !== undefined && line.trim() === next) || (line.trim() !== '' && indentOf(line).length <= region.outer));
  if (end >= 0) lines = lines.slice(0, end);
  const said = (line: string): boolean => line.trim() !== '' && !/^\s*(?:\/\/|#)/.test(line);
  const first = lines.findIndex(said);
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return first < 0 ? [] : lines.slice(first, last + 1);
}

/** The first line with a word after the gap; a reply that comes to it has filled the gap. */
function nextLine(region: Region, gap: Gap): string | undefined {
  return region.lines.slice(gap.last, region.last).find((line) => /\w/.test(line))?.trim();
}

function noteOf(region: Region, gap: Gap, fill: readonly string[]): string {
  const code = (fill.find((line) => line.trim() !== '') ?? '').trim();
  const what = gap.last < gap.first ? `inserts before line ${gap.first}` : gap.last === gap.first ? `replaces line ${gap.first}` : `replaces lines ${gap.first} to ${gap.last}`;
  return `${what} of ${region.path}: ${code.length > NOTE_CODE_MAX ? `${code.slice(0, NOTE_CODE_MAX)}…` : code}`;
}

const NOTE_CODE_MAX = 60;

interface ChatQuestion extends CallLabel {
  readonly sampling: Sampling;
  readonly region: Region;
  readonly gap: Gap;
  readonly header: string;
  readonly sides: { readonly prefix: string; readonly suffix: string };
}

/** The same question for a model that was not trained to fill: the gap is marked, the reply is the code alone. */
async function askInChat(request: ClozeRequest, { region, gap, header, sides, ...call }: ChatQuestion, signal: AbortSignal): Promise<ModelReply> {
  const mark = commentMark(region.language);
  const code = `${header}${sides.prefix}${indentOf(region.lines[gap.first - 1] ?? '')}${mark} GAP${sides.suffix}`;
  const content = `\`\`\`\n${code}\`\`\`\nWhich code must stand in place of the line "${mark} GAP", so that the test passes? Reply with those lines only.`;
  const reply = await request.model.chat({ ...call, messages: [{ role: 'user', content }], onText: (text) => text.split('\n').length <= FILL_LINES_MAX + 2 }, signal);
  const bare = reply.text.split('\n').filter((line) => !/^\s*(?:`{3}|~{3})/.test(line)).join('\n');
  return { ...reply, text: alignTo(bare, indentOf(region.lines[gap.first - 1] ?? '')) };
}

/** A chat gives code without the indentation of its place. */
function alignTo(text: string, indent: string): string {
  const lines = text.split('\n');
  const own = indentOf(lines.find((line) => line.trim() !== '') ?? '');
  return own === indent ? text : lines.map((line) => (line.trim() === '' ? line : indent + (line.startsWith(own) ? line.slice(own.length) : line.trimStart()))).join('\n');
}

function commentMark(language: Language): string {
  return language === 'python' ? '#' : '//';
}

function indentOf(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? '';
}

interface ParsedFile {
  readonly text: string;
  readonly language: Language;
  readonly root: SyntaxNode | undefined;
  readonly errors: number;
}

async function parsedFiles(request: ClozeRequest): Promise<ReadonlyMap<string, ParsedFile>> {
  const files = new Map<string, ParsedFile>();
  for (const path of new Set(request.suspects.map((suspect) => suspect.path))) {
    const file = await request.project.read(path);
    if (file === undefined) continue;
    const tree = await request.project.syntax.parse(path, file.text);
    files.set(path, { text: file.text, language: request.project.syntax.languageOf(path), root: tree?.root, errors: tree?.errors ?? 0 });
  }
  return files;
}
