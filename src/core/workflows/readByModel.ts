/** Decides how a model reads a file: once for claims, then each claim is read again without it, and only what holds is kept. */
import { clozeMessages, readingMessages } from '../agents/roles/fileReader.ts';
import type { ChatModel } from '../model/chatModel.ts';
import type { Priority } from '../model/priority.ts';
import { askStructured } from '../model/structured.ts';
import { touches } from '../review/changedLines.ts';
import { type Anchored, Claims, type Reading, needsShowing, siftClaims } from '../review/claims.ts';
import { type Draft, columnOf, lineText } from '../review/findings.ts';
import { silentCategories } from '../review/silent.ts';
import { type Unit, unitsOf } from '../review/units.ts';
import { missing } from './modelMissing.ts';
import type { Reviewed } from './reviewed.ts';
import { type RunContext, send } from './runContext.ts';
import { showByRunning } from './showByRunning.ts';

const REPLY_TOKENS_MAX = 260;
const LINE_TOKENS_MAX = 60;
/** Lines before and after a masked one. */
const CLOZE_LINES = 30;
/** The second reading must not be the first one again. */
const SECOND_TEMPERATURE = 0.7;
/** Top of the file that goes along: imports and constants. */
const HEAD_LINES = 12;
const HEAD_CHARS_MAX = 600;

/** Drafts that two readings agree on or that a run shows; never more than a warning unless shown. */
export async function readByModel(context: RunContext, reviewed: Reviewed, known: readonly Draft[], signal: AbortSignal): Promise<readonly Draft[]> {
  const { model } = context;
  if (model === undefined) return [];
  const { file, source, ranges } = reviewed;
  const taken = new Set(known.map(({ line }) => line));
  const found: Draft[] = [];
  for (const unit of wantedUnits(context, reviewed)) {
    const reading: Reading = { path: file.path, text: file.text, source, unit, ranges, taken };
    const first = await read(context, model, reading, { temperature: 0, again: false }, signal);
    if (first === undefined) continue;
    for (const one of first) {
      const draft = await confirm(context, model, { reviewed, reading, one }, signal);
      if (draft !== undefined) found.push(draft);
    }
  }
  return found;
}

/** Whoever waits gets all of it; in the background one call has to do, so the place with the most changed lines is read. */
function wantedUnits(context: RunContext, { file, source, ranges }: Reviewed): readonly Unit[] {
  const units = unitsOf(file.text, source, ranges);
  if (context.request.background !== true || units.length < 2) return units;
  const changed = ({ from, to }: Unit): number => (ranges ?? []).reduce((sum, range) => sum + Math.max(0, Math.min(to, range.to) - Math.max(from, range.from) + 1), 0);
  const [first, ...rest] = units.toSorted((a, b) => changed(b) - changed(a));
  tell(context, rest.map(({ from, to }) => `${file.path}:${from}-${to} not read by the model: in the background one place has to do`));
  return first === undefined ? [] : [first];
}

/** Claims that survive what can be said against them without another call; undefined: no usable answer. */
async function read(context: RunContext, model: ChatModel, reading: Reading, { temperature, again }: { readonly temperature: number; readonly again: boolean }, signal: AbortSignal): Promise<readonly Anchored[] | undefined> {
  const { path, unit } = reading;
  const answer = await missing(context, 'reviewer', async () => await askStructured({
    model,
    request: {
      role: 'reviewer', task: null, purpose: `${again ? 'second reading of' : 'review'} ${path}:${unit.from}-${unit.to}`, priority: priorityOf(context),
      messages: readingMessages({ path, shown: numbered(reading), head: headOf(reading) }),
      sampling: { temperature, seed: context.settings.seed + (again ? 1 : 0), replyTokensMax: REPLY_TOKENS_MAX },
    },
    schema: Claims,
  }, signal));
  if (answer === undefined) return undefined;
  const silent = silentCategories(model.facts.parametersB);
  const { kept, dropped } = siftClaims(answer.value.findings.filter(({ category }) => !silent.has(category)), reading);
  const quiet = answer.value.findings.filter(({ category }) => silent.has(category)).map((claim) => `${path}:${claim.line} dropped, this model is measured to be wrong about ${claim.category}: ${claim.claim}`);
  if (!again) tell(context, [...dropped, ...quiet]);
  return kept;
}

interface Doubtful {
  readonly reviewed: Reviewed;
  readonly reading: Reading;
  readonly one: Anchored;
}

/** Cheapest first: what would the model write in that place; does a run show it; does a second reading say so too. */
async function confirm(context: RunContext, model: ChatModel, { reviewed, reading, one }: Doubtful, signal: AbortSignal): Promise<Draft | undefined> {
  const { path, text } = reading;
  const lines = text.split('\n');
  const own = await fillLine(context, model, reading, one.line, signal);
  if (own !== undefined && squeezed(own) === squeezed(lines[one.line - 1] ?? '')) {
    tell(context, [`${path}:${one.line} dropped, with the line masked the model writes the same line: ${one.claim.claim}`]);
    return undefined;
  }
  const draft = draftOf(reading, one, own);
  const [shown] = await showByRunning(context, reviewed, [draft], signal);
  if (shown?.proof === 'shown') return shown;
  if (needsShowing(one.claim.claim)) {
    tell(context, [`${path}:${one.line} dropped, it supposes an input and no run shows it: ${one.claim.claim}`]);
    return undefined;
  }
  const second = await read(context, model, reading, { temperature: SECOND_TEMPERATURE, again: true }, signal);
  if (second?.some(({ line }) => line === one.line) === true) return { ...draft, proof: 'agreed', evidence: `${draft.evidence}\n2 of 2 readings name this line.` };
  tell(context, [`${path}:${one.line} dropped, a second reading does not name this line: ${one.claim.claim}`]);
  return undefined;
}

function draftOf({ path, text }: Reading, { claim, line }: Anchored, own: string | undefined): Draft {
  const lines = text.split('\n');
  const raw = lines[line - 1] ?? '';
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + raw.search(/\S/);
  const indent = /^\s*/.exec(raw)?.[0] ?? '';
  const edit = own === undefined || own.trim() === '' ? {} : { edit: { text: indent + own.trim() } };
  return { path, line, endLine: line, column: columnOf(text, start), category: claim.category, severity: 'warning', claim: claim.claim.trim(), evidence: lineText(lines, line), proof: 'opinion', by: 'model', ...edit };
}

/** The line that the model itself would write; undefined: it gave none. */
async function fillLine(context: RunContext, model: ChatModel, { path, text, unit }: Reading, line: number, signal: AbortSignal): Promise<string | undefined> {
  const lines = text.split('\n');
  const before = lines.slice(Math.max(0, unit.from - 1, line - 1 - CLOZE_LINES), line - 1);
  const after = lines.slice(line, Math.min(unit.to, line + CLOZE_LINES));
  const indent = /^\s*/.exec(lines[line - 1] ?? '')?.[0] ?? '';
  const label = { role: 'reviewer' as const, task: null, purpose: `masked ${path}:${line}`, priority: priorityOf(context) };
  const sampling = { temperature: 0, seed: context.settings.seed, replyTokensMax: LINE_TOKENS_MAX };
  const reply = await missing(context, 'reviewer', async () => (model.facts.canFill
    ? await model.fill({ ...label, prefix: `${before.join('\n')}\n${indent}`, suffix: `\n${after.join('\n')}`, sampling: { ...sampling, stop: ['\n'] } }, signal)
    : await model.chat({ ...label, messages: clozeMessages(path, before.join('\n'), after.join('\n')), sampling }, signal)));
  const written = reply?.text.replaceAll(/^```\w*\n|\n?```\s*$/g, '').split('\n').find((one) => one.trim() !== '')?.trim();
  return written === undefined || written === '' ? undefined : written;
}

function priorityOf({ request }: RunContext): Priority {
  return request.background === true ? 'review-on-save' : 'interactive';
}

function squeezed(line: string): string {
  return line.replaceAll(/\s+/g, '').replace(/;$/, '');
}

function numbered({ text, unit, ranges }: Reading): string {
  const lines = text.split('\n').slice(unit.from - 1, unit.to);
  return lines.map((line, index) => `${ranges !== undefined && touches(ranges, unit.from + index, unit.from + index) ? '+' : ''}${unit.from + index}\t${line}`).join('\n');
}

function headOf({ text, unit }: Reading): string {
  if (unit.from <= HEAD_LINES) return '';
  return text.split('\n').slice(0, HEAD_LINES).join('\n').slice(0, HEAD_CHARS_MAX);
}

function tell(context: RunContext, sentences: readonly string[]): void {
  if (sentences.length > 0) send(context, { sender: 'reviewer', receiver: 'orchestrator', intent: 'inform', body: sentences.join('\n') });
}

