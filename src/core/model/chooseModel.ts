/** Decides which of the installed models a crew uses when the user named none. */
import { hasCloudName } from './cloud.ts';
import type { ListedModel } from './models.ts';

/** Families trained for code, likeliest to repair it first. */
const CODER_NAMES = [/qwen.*coder/iu, /coder/iu, /code/iu, /devstral|starcoder|granite/iu] as const;
/** Not made for chat or code. */
const OTHERS = /embed|minilm|bge|rerank|whisper|clip/iu;

/** The biggest local coder model that fits; else the biggest other one; undefined when none is there. `memoryBytes` null: unknown. */
export function chooseModel(installed: readonly ListedModel[], memoryBytes: number | null): string | undefined {
  const usable = installed.filter((model) => model.remoteHost === undefined && !hasCloudName(model.name) && !OTHERS.test(model.name));
  const fitting = usable.filter((model) => memoryBytes === null || model.sizeBytes * MEMORY_FACTOR <= memoryBytes);
  const ranked = (fitting.length > 0 ? fitting : usable).toSorted((a, b) => family(a) - family(b) || b.sizeBytes - a.sizeBytes || a.name.localeCompare(b.name));
  return ranked[0]?.name;
}

/** Weights, window and runner, as a share of the weights. */
const MEMORY_FACTOR = 1.3;

function family(model: ListedModel): number {
  const found = CODER_NAMES.findIndex((pattern) => pattern.test(model.name));
  return found < 0 ? CODER_NAMES.length : found;
}
