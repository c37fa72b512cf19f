/** Decides what a fault of a host means: whether the same prompt may be sent again, and what the user is told. */
import { ModelUnavailable, PromptTooLong } from './chatModel.ts';
import type { HostFault } from './models.ts';

export interface FaultContext {
  readonly host: string;
  readonly model: string;
  /** Expected prompt tokens and window, for an overflow that the server tells without counts. */
  readonly promptTokens: number;
  readonly windowTokens: number;
}

/**
 * `again`: wait and send the same bytes. `without-…`: the model, or an older server, knows nothing of it. `never`: the next attempt
 * would fail alike.
 */
export interface FaultVerdict {
  readonly retry: 'again' | 'without-tools' | 'without-think' | 'without-format' | 'never';
  /** Whether the fault says that host or model is unwell, so that the breaker counts it. */
  readonly unwell: boolean;
  readonly error: ModelUnavailable | PromptTooLong;
}

const OUT_OF_MEMORY = /out of memory|more (system |gpu |video )?memory|insufficient memory|not enough memory|cudaMalloc|\boom\b|unable to allocate|failed to allocate/i;
const OVERFLOW = /context (length|window|size)|n_ctx|prompt (is )?too long|exceeds? the (available )?context/i;
const NO_TOOLS = /does not support tools/i;
const NO_THINKING = /does not support thinking|invalid think value/i;
/** What servers say of a reply schema that they cannot use; the reply is checked against it in any case. */
const NO_FORMAT = /invalid (json )?(format|schema)|\bgrammar\b|unsupported (format|schema)|format .*not supported|does not support (structured|format)/i;
const NO_MODEL = /model .*not found|no such model|try pulling/i;

export function judgeFault(fault: HostFault, context: FaultContext): FaultVerdict {
  const { host, model } = context;
  const words = `${fault.said} ${fault.message}`;
  if (fault.overflow !== undefined) return overflow(fault.overflow.promptTokens, fault.overflow.windowTokens);
  if (OUT_OF_MEMORY.test(words)) return never('too-big', `${model} does not fit into memory: ${fault.message}`, 'Choose a smaller model (--model or groundcrew.models.default), close what uses memory, or set a smaller context window (num_ctx).');
  if (OVERFLOW.test(fault.said)) return overflow(context.promptTokens, context.windowTokens);

  switch (fault.kind) {
    case 'refused': return again('unreachable', `Ollama is not reachable at ${host}: ${fault.message}`, startOllama(host));
    case 'reset': return again('failed', fault.message, 'If it happens again, look at the log of the server: the model may have crashed.');
    case 'cut': return again('failed', fault.message, 'If it happens again, look at the log of the server, or try another model.');
    case 'stalled': return again('stalled', fault.message, `Look whether the machine at ${host} is busy or out of memory; a smaller model answers sooner.`);
    case 'said': return NO_MODEL.test(fault.said) ? noModel(context) : again('failed', fault.message, 'Look at the log of the server; restarting it (`ollama serve`) often helps.');
    case 'garbage': return again('garbage', fault.message, `Check that ${host} is Ollama itself and not a proxy that changes replies.`);
    case 'not-ollama': return never('garbage', fault.message, `Start Ollama, or name the right address (--host or groundcrew.ollama.hosts); something else answers at ${host}.`);
    case 'too-large': return never('garbage', fault.message, 'Check that the address is an Ollama server; no reply of a model is that long.');
    case 'not-allowed': return never('refused-cloud', fault.message, 'Name the host yourself (--host or groundcrew.ollama.hosts), or use one on this machine.');
    case 'status': return judgeStatus(fault, context);
  }
}

function judgeStatus(fault: HostFault, { host, model }: FaultContext): FaultVerdict {
  const status = fault.status ?? 0;
  if (status === 400 && NO_TOOLS.test(fault.said)) return { ...never('failed', fault.message, 'Choose a model that can call tools.'), retry: 'without-tools' };
  if ((status === 400 || status === 500) && NO_THINKING.test(fault.said)) return { ...never('failed', fault.message, 'Choose a model that can think, or ask without it.'), retry: 'without-think' };
  if ((status === 400 || status === 500) && NO_FORMAT.test(fault.said)) return { ...never('failed', fault.message, 'Update Ollama: it cannot use the schema of the reply.'), retry: 'without-format' };
  if (status === 404 && (NO_MODEL.test(fault.said) || fault.said.includes(model))) return noModel({ host, model });
  if (status === 404) return never('garbage', `${host} does not know this request (HTTP 404): it is no Ollama server, or an old one.`, 'Update Ollama, or name the right address (--host or groundcrew.ollama.hosts).');
  if (status === 401) return never('refused-cloud', `${host} wants an account (HTTP 401) to run ${model}: it would run in the cloud.`, 'Choose a model that runs on your own machine.');
  if (status === 403) return never('refused-cloud', `${host} refuses this program (HTTP 403): its check of Host and Origin headers rejects the address.`, 'Use http://127.0.0.1:11434, or allow the address on the server with OLLAMA_ORIGINS and OLLAMA_HOST.');
  if (status === 503 || status === 429) return again('overloaded', `Ollama at ${host} is busy, its queue is full (HTTP ${status}): ${fault.message}`, 'Wait for its other work to finish, or raise OLLAMA_MAX_QUEUE.');
  if (status === 499 || status >= 500) return again('failed', fault.message, 'Look at the log of the server; restarting it (`ollama serve`) often helps.');
  return never('failed', fault.message, 'This looks like a server that is older or newer than this program knows; update Ollama.');
}

function noModel({ host, model }: Pick<FaultContext, 'host' | 'model'>): FaultVerdict {
  return never('no-model', `${host} has no model ${model}.`, `Get it with: ollama pull ${model}`);
}

/** What to do when nothing answers. */
export function startOllama(host: string): string {
  return `Start it with \`ollama serve\` (install: https://ollama.com/download), or name another host (--host or groundcrew.ollama.hosts); tried ${host}.`;
}

function again(kind: ModelUnavailable['kind'], message: string, remedy: string): FaultVerdict {
  return { retry: 'again', unwell: true, error: new ModelUnavailable(kind, message, remedy) };
}

function never(kind: ModelUnavailable['kind'], message: string, remedy: string): FaultVerdict {
  return { retry: 'never', unwell: kind !== 'failed', error: new ModelUnavailable(kind, message, remedy) };
}

function overflow(promptTokens: number, windowTokens: number): FaultVerdict {
  return { retry: 'never', unwell: false, error: new PromptTooLong(promptTokens, windowTokens) };
}
