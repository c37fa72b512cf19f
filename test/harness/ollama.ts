/** Decides whether a real Ollama with a real coder model can be had on this machine, and makes it: for tests, demo and benchmarks. */
import { ensureModel, TEST_MODEL } from './model.ts';
import { createOllamaServer } from './ollamaServer.ts';
import type { Environment, Unavailable } from './cache.ts';
import type { OnProgress } from './progress.ts';

export interface RealOllama extends AsyncDisposable {
  readonly kind: 'ready';
  readonly url: string;
  readonly model: string;
  /** false: someone else's server, which goes on after us. */
  readonly startedHere: boolean;
  /** Stops the server where we started it. */
  dispose(): Promise<void>;
}

/** GROUNDCREW_TEST_MODEL names another model. Cached, resumable; rejects with signal.reason when aborted. */
export async function createRealOllama(
  options: { readonly model?: string; readonly onProgress: OnProgress; readonly env?: Environment },
  signal: AbortSignal,
): Promise<RealOllama | Unavailable> {
  const env = options.env ?? process.env;
  const model = options.model ?? (env['GROUNDCREW_TEST_MODEL'] || TEST_MODEL);
  const server = await createOllamaServer({ env, onProgress: options.onProgress }, signal);
  if (server.kind === 'unavailable') return server;
  const dispose = (): Promise<void> => Promise.resolve(server[Symbol.asyncDispose]());
  try {
    const missing = await ensureModel({ url: server.url, model, env, onProgress: options.onProgress }, signal);
    if (missing !== undefined) {
      await dispose();
      return missing;
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return { kind: 'ready', url: server.url, model, startedHere: server.kind === 'started', dispose, [Symbol.asyncDispose]: dispose };
}
