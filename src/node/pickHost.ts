/** Decides which of the named servers is asked: the first that answers, else the first, so that its fault is told. */
import type { Models } from '../core/model/models.ts';
import { createOllama, DEFAULT_URL } from './ollama.ts';

export interface HostNames {
  /** As the user named them, in order of preference; empty: OLLAMA_HOST, else this machine. */
  readonly hosts: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Ends the look for a host. */
  readonly signal?: AbortSignal;
  /** The most that one reply may hold. */
  readonly responseBytes?: number;
}

const FIND_HOST_MS = 3_000;

/** The first host that answers; else the first, so that its fault is told. Only hosts that the user named may be other machines. */
export async function pickHost(options: HostNames): Promise<Models & Disposable> {
  const named = options.hosts.length > 0 ? options.hosts : [options.env['OLLAMA_HOST'] ?? DEFAULT_URL];
  const hosts = named.map((url) => createOllama({ url, allowRemote: true, ...(options.responseBytes === undefined ? {} : { responseBytes: options.responseBytes }) }));
  const [first, ...others] = hosts;
  if (first === undefined) return createOllama({ url: DEFAULT_URL, allowRemote: false });
  let chosen = first;
  for (const host of others.length > 0 ? hosts : []) {
    if (!(await answers(host, findLimit(options)))) continue;
    chosen = host;
    break;
  }
  for (const host of hosts) if (host !== chosen) host[Symbol.dispose]();
  return chosen;
}

export const findLimit = ({ signal }: Pick<HostNames, 'signal'>): AbortSignal => AbortSignal.any([AbortSignal.timeout(FIND_HOST_MS), ...(signal === undefined ? [] : [signal])]);

async function answers(models: Models, signal: AbortSignal): Promise<boolean> {
  try {
    await models.version(signal);
    return true;
  } catch {
    return false; // the next host is tried; the fault of the last one is told when the model is opened
  }
}
