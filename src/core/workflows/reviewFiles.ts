/** Decides what `review` says of files or changes: what the reviewer claims, kept only where it quotes a line that is there. */
import * as z from 'zod';
import { asData, layOut } from '../agents/prompt.ts';
import { reviewer } from '../agents/roles/reviewer.ts';
import type { Finding } from '../domain/finding.ts';
import type { TextFile } from '../domain/patch.ts';
import { askStructured } from '../model/structured.ts';
import { gitDiff } from '../tools/git/diff.ts';
import { gitStatus } from '../tools/git/status.ts';
import { missing } from './modelMissing.ts';
import type { RunContext } from './runContext.ts';

/** Files read in one review, and findings kept of one file: more is noise. */
const FILES_MAX = 50;
const FINDINGS_MAX = 5;
const LINES_MAX = 2_000;

const Claims = z.object({
  findings: z.array(z.object({
    line: z.int().min(1).describe('Number of the line.'),
    quote: z.string().describe('That line, word for word.'),
    category: z.enum(['bug', 'security', 'concurrency', 'resource', 'api-misuse']),
    claim: z.string().max(240).describe('What goes wrong, for which input.'),
  })).max(FINDINGS_MAX),
});

/** Resolves with why it said nothing of some files; "" when all were read. Findings are events. */
export async function reviewFiles(context: RunContext, signal: AbortSignal): Promise<string> {
  const { model } = context;
  if (model === undefined) return 'No model could be had, so nothing was reviewed.';
  const paths = context.request.paths.length > 0 ? context.request.paths : await changedPaths(context, signal);
  if (paths.length === 0) return 'Nothing has changed since HEAD.';
  const skipped: string[] = [];
  for (const path of paths.slice(0, FILES_MAX)) {
    const file = await context.project.read(path);
    if (file === undefined || file.text.split('\n').length > LINES_MAX) {
      skipped.push(path);
      continue;
    }
    for (const finding of await reviewFile(context, file, signal)) context.emit('finding.reported', finding);
  }
  return skipped.length === 0 ? '' : `Not read (absent, refused, binary or over ${LINES_MAX} lines): ${skipped.join(', ')}.`;
}

async function changedPaths(context: RunContext, signal: AbortSignal): Promise<readonly string[]> {
  const status = await context.tools('reviewer').call(gitStatus, {}, signal);
  return (status?.changed ?? []).filter((file) => file.state !== 'deleted').map((file) => file.path);
}

async function reviewFile(context: RunContext, file: TextFile, signal: AbortSignal): Promise<readonly Finding[]> {
  const { model } = context;
  if (model === undefined) return [];
  const lines = file.text.split(/\r?\n/u);
  const numbered = lines.map((line, index) => `${index + 1}\t${line}`).join('\n');
  const diff = context.request.paths.length > 0 ? '' : await context.tools('reviewer').call(gitDiff, { path: file.path }, signal);
  const records = [asData(file.path, numbered), ...(diff === '' ? [] : [asData('changes', diff)])];
  const answer = await missing(context, 'reviewer', async () => await askStructured({
    model,
    request: {
      role: 'reviewer', task: null, purpose: `review ${file.path}`, priority: 'interactive',
      messages: layOut({ records }, { ...reviewer, prompt: 'You are the reviewer. List only defects that make this code fail. An empty list is a good answer.' }, ''),
      sampling: { temperature: 0, seed: context.settings.seed, replyTokensMax: 400 },
    },
    schema: Claims,
  }, signal));
  if (answer === undefined) return [];
  return answer.value.findings.flatMap((claim) => toFinding(context, file.path, lines, claim) ?? []);
}

/** A claim that does not quote its line exactly is invented; without proof it is an opinion and never an error. */
function toFinding(context: RunContext, path: string, lines: readonly string[], claim: z.infer<typeof Claims>['findings'][number]): Finding | undefined {
  const quote = claim.quote.trim();
  const at = lines[claim.line - 1]?.trim() === quote ? claim.line : lines.findIndex((line) => line.trim() === quote) + 1;
  if (quote === '' || at === 0) return undefined;
  const column = Math.max(1, (lines[at - 1]?.search(/\S/u) ?? 0) + 1);
  return { id: context.ids.next('finding'), path, line: at, endLine: at, column, category: claim.category, severity: 'warning', claim: claim.claim, evidence: quote, proof: 'opinion' };
}
