/**
 * Decides how a model is loaded. Load options stand here and nowhere else: one that differs between two calls makes Ollama reload
 * the model and drop every cache (3.6 s for 1.5B from a warm disk, measured 0.11.4; a full load for 20 GB).
 */

/** Long, so that the model stays while the user reads a diff: Ollama evicts the idle model with the shortest keep_alive. */
export const KEEP_ALIVE = '30m';

/**
 * What the crew's largest turn needs: role and log ≤ 1,500, a function and its failure ≤ 3,000, a reply ≤ 2,000. On a CPU a longer
 * prompt is minutes of reading (35 tokens a second for 1.5B on two cores), so a larger window would only cost memory.
 */
const WINDOW_WANTED = 8_192;
const WINDOW_MIN = 2_048;
/** Buffers of the runner beside weights and context; 0.24 GB for 1.5B at 4,096 as `ollama ps` shows it. */
const RUNNER_BYTES = 300 * 1024 * 1024;
/** The rest is the system's, the editor's and the checks'. */
const MEMORY_SHARE = 0.8;

export interface WindowFacts {
  /** From /api/show; undefined where it failed. */
  readonly contextTokensMax: number | undefined;
  readonly bytesPerContextToken: number | undefined;
  /** 0: unknown. */
  readonly modelBytes: number;
  /** Of the machine that runs the model; null: unknown, for instance another machine. */
  readonly memoryBytes: number | null;
  /** Set by the user; null: choose. */
  readonly wantedTokens: number | null;
}

export interface WindowChoice {
  readonly windowTokens: number;
  readonly why: string;
}

/** One window for all roles, the same in every run on the same machine, so that the loaded model stays loaded. */
export function chooseWindow(facts: WindowFacts): WindowChoice {
  const max = facts.contextTokensMax ?? Number.POSITIVE_INFINITY;
  if (facts.wantedTokens !== null) {
    return facts.wantedTokens <= max
      ? { windowTokens: facts.wantedTokens, why: 'as set' }
      : { windowTokens: max, why: `${facts.wantedTokens} was set, but the model was trained for ${max}` };
  }
  if (max <= WINDOW_WANTED) return { windowTokens: max, why: 'all that the model was trained for' };
  const room = contextRoomTokens(facts);
  if (room >= WINDOW_WANTED) return { windowTokens: WINDOW_WANTED, why: 'what the crew needs' };
  const halved = room >= WINDOW_WANTED / 2 ? WINDOW_WANTED / 2 : WINDOW_MIN;
  return { windowTokens: Math.min(max, halved), why: 'memory allows no more beside the model' };
}

/** Tokens of context that memory holds beside the model's weights; infinite where a figure is missing. */
function contextRoomTokens({ memoryBytes, modelBytes, bytesPerContextToken }: WindowFacts): number {
  if (memoryBytes === null || modelBytes === 0 || bytesPerContextToken === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(0, memoryBytes * MEMORY_SHARE - modelBytes - RUNNER_BYTES) / bytesPerContextToken;
}

/** Bytes that the model takes with this window; undefined where its size is unknown. */
export function neededBytes(facts: WindowFacts, windowTokens: number): number | undefined {
  if (facts.modelBytes === 0) return undefined;
  return facts.modelBytes + RUNNER_BYTES + (facts.bytesPerContextToken ?? 0) * windowTokens;
}

/** Frozen for the life of a ChatModel. */
export function loadOptions(windowTokens: number): { readonly num_ctx: number } {
  return Object.freeze({ num_ctx: windowTokens });
}
