/** Decides what is said of a model where one is chosen: size, window, abilities, whether memory holds it, how fast it was here. */
import { ModelUnavailable } from '../core/model/chatModel.ts';
import { gigabytes, inspectModel, type ModelReport } from '../core/model/inspect.ts';
import type { Models } from '../core/model/models.ts';
import { offeredModels } from '../core/model/offered.ts';
import { count } from '../core/trace/text.ts';
import type { Runs } from './runs.ts';

export interface ModelRow {
  readonly name: string;
  readonly isUsable: boolean;
  readonly description: string;
  readonly detail: string;
}

/** Told with the list: models that are not offered, and why. */
export interface ModelList {
  readonly rows: readonly ModelRow[];
  readonly told: string;
}

/** Fewer tokens measure the fixed cost of a call. */
const SPEED_TOKENS_MIN = 8;

/** @throws ModelUnavailable when the server gives no list. */
export async function listModels(models: Models, { memoryBytes, runs }: { readonly memoryBytes: number; readonly runs: Runs }, signal: AbortSignal): Promise<ModelList> {
  const { offered, told } = await offeredModels(models, signal);
  const rows = await Promise.all(offered.map(async ({ name, sizeBytes }): Promise<ModelRow> => {
    try {
      const report = await inspectModel({ models, name, limits: { windowTokens: null }, memoryBytes, allowCloud: false }, signal);
      return { name, isUsable: true, description: describe(report), detail: detail(report, models.isLocal ? memoryBytes : null, speedOf(runs, name)) };
    } catch (error) {
      if (!(error instanceof ModelUnavailable)) throw error;
      return { name, isUsable: false, description: sizeBytes > 0 ? gigabytes(sizeBytes) : '', detail: `${error.message} ${error.remedy}` };
    }
  }));
  return { rows: rows.toSorted((a, b) => Number(b.isUsable) - Number(a.isUsable)), told };
}

function describe(report: ModelReport): string {
  return [report.sizeBytes > 0 ? gigabytes(report.sizeBytes) : '', `window of ${count(report.window.windowTokens)} tokens`, report.canFill ? 'fills gaps' : 'cannot fill gaps', report.canCallTools ? 'calls tools' : 'no tool calls'].filter((part) => part !== '').join(' · ');
}

function detail(report: ModelReport, memoryBytes: number | null, tokensPerSecond: number | undefined): string {
  const needed = report.neededBytes === undefined ? '' : memoryBytes === null ? `needs ${gigabytes(report.neededBytes)} of memory` : `needs ${gigabytes(report.neededBytes)} of ${gigabytes(memoryBytes)} memory`;
  const loaded = report.loaded === undefined ? '' : `loaded: ${gigabytes(report.loaded.sizeBytes)}`;
  return [needed, tokensPerSecond === undefined ? 'speed not measured yet' : `wrote ${Math.round(tokensPerSecond)} tokens a second in your runs`, loaded].filter((part) => part !== '').join(' · ');
}

/** Of the calls in the runs that are open here; undefined: it has not written enough to tell. */
export function speedOf(runs: Pick<Runs, 'all'>, model: string): number | undefined {
  let tokens = 0;
  let ms = 0;
  for (const { view } of runs.all) {
    for (const call of view?.calls.values() ?? []) {
      if (call.model !== model || call.state !== 'completed' || call.tokens === null || call.timings === null || call.tokens.reply < SPEED_TOKENS_MIN) continue;
      tokens += call.tokens.reply;
      ms += call.timings.replyMs;
    }
  }
  return ms === 0 ? undefined : (tokens * 1_000) / ms;
}

/** Sizes as the library of Ollama gives them; the smallest that repairs code first. */
export const SUGGESTED = [
  { name: 'qwen2.5-coder:1.5b', bytes: 1.0e9 },
  { name: 'qwen2.5-coder:3b', bytes: 1.9e9 },
  { name: 'qwen2.5-coder:7b', bytes: 4.7e9 },
  { name: 'qwen2.5-coder:14b', bytes: 9.0e9 },
] as const;
/** Weights, window and runner, as a share of the download. */
export const MEMORY_FACTOR = 1.3;
