/** Decides whether a model can be used on a host, with which window, and what the user does when it cannot. */
import { ModelUnavailable } from './chatModel.ts';
import { cloudRefused, hasCloudName } from './cloud.ts';
import { judgeFault } from './faults.ts';
import type { ModelLimits } from './limits.ts';
import { chooseWindow, neededBytes, type WindowChoice } from './loadOptions.ts';
import type { Clock } from '../ports.ts';
import { HostFault, type ListedModel, type LoadedModel, type Models, type ShownModel } from './models.ts';

export interface InspectOptions {
  readonly models: Models;
  readonly name: string;
  readonly limits: Pick<ModelLimits, 'windowTokens'> & Partial<Pick<ModelLimits, 'headerMs' | 'backoffMs'>>;
  /** Of the machine that runs the model, video memory included; null: unknown. */
  readonly memoryBytes: number | null;
  readonly allowCloud: boolean;
  /** Left out: a broken connection is tried again at once. */
  readonly clock?: Clock;
}

export interface ModelReport {
  readonly name: string;
  readonly host: string;
  readonly sizeBytes: number;
  readonly parametersB: number;
  readonly canFill: boolean;
  readonly canCallTools: boolean;
  readonly canThink: boolean;
  readonly window: WindowChoice;
  /** Weights, runner and window; undefined where the size is unknown. */
  readonly neededBytes: number | undefined;
  readonly loaded: LoadedModel | undefined;
}

/** @throws ModelUnavailable unreachable, no-model, too-big, refused-cloud; signal.reason when aborted. */
export async function inspectModel(options: InspectOptions, signal: AbortSignal): Promise<ModelReport> {
  const { models, name, memoryBytes, allowCloud } = options;
  if (hasCloudName(name) && !allowCloud) throw cloudRefused(name, undefined);
  const listed = await ask(options, 'needed', (stop) => models.list(stop), signal);
  const entry = listed?.find((model) => sameModel(model.name, name));
  if (listed !== undefined && entry === undefined) throw noModel(models.host, name, listed);

  const shown = await ask(options, 'spared', (stop) => models.show(name, stop), signal);
  const remote = entry?.remoteHost ?? shown?.remoteHost;
  if (remote !== undefined && !allowCloud) throw cloudRefused(name, remote);

  const running = await ask(options, 'spared', (stop) => models.ps(stop), signal, NOT_FOUND);
  const loaded = running?.find((model) => sameModel(model.name, name));
  const memory = models.isLocal ? memoryBytes : null;
  const facts = { contextTokensMax: shown?.contextTokensMax, bytesPerContextToken: shown?.bytesPerContextToken, modelBytes: entry?.sizeBytes ?? 0, memoryBytes: memory, wantedTokens: options.limits.windowTokens };
  const window = chooseWindow(facts);
  const needed = neededBytes(facts, window.windowTokens);
  if (loaded === undefined && memory !== null && needed !== undefined && needed > memory) throw tooBig(name, needed, memory, listed ?? []);

  return {
    name,
    host: models.host,
    sizeBytes: facts.modelBytes,
    parametersB: parametersB(name, entry, shown),
    canFill: can(shown, 'insert', '.Suffix'),
    canCallTools: can(shown, 'tools', '.Tools'),
    canThink: shown?.capabilities.includes('thinking') ?? false,
    window,
    neededBytes: needed,
    loaded,
  };
}

/** Of the small questions; a server that is at work on a prompt answers them too. */
const ANSWER_MS = 15_000;
/** A connection that broke may have been the last one of a server that restarts. */
const RETRY_MS = 500;
const RETRIES_MAX = 2;
/** What servers before 0.1.38 say to a question after what runs. */
const NOT_FOUND = 404;
/** A server that lists its models and stumbles over one of them: what is not known is taken to be the least. */
const SPARED: ReadonlySet<HostFault['kind']> = new Set(['stalled', 'garbage', 'not-ollama', 'too-large', 'said']);

/** The answer, or undefined where the server is there but this request fails: then careful defaults hold. */
async function ask<T>({ models, name, limits, clock }: InspectOptions, worth: 'needed' | 'spared', question: (stop: AbortSignal) => Promise<T>, signal: AbortSignal, unknown?: number): Promise<T | undefined> {
  for (let tried = 0; ; tried++) {
    const late = AbortSignal.timeout(limits.headerMs ?? ANSWER_MS);
    try {
      return await question(AbortSignal.any([signal, late]));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const fault = late.aborted ? new HostFault('stalled', `${models.host} takes the connection and does not answer.`) : error;
      if (!(fault instanceof HostFault)) throw fault;
      if (fault.kind === 'status' && (fault.status ?? 0) >= 500 && fault.status !== 503) return undefined;
      const isBroken = fault.kind === 'reset' || fault.status === 503;
      if (isBroken && tried < RETRIES_MAX) {
        await clock?.delay(limits.backoffMs ?? RETRY_MS, signal);
        continue;
      }
      if (worth === 'spared' && (isBroken || SPARED.has(fault.kind) || (unknown !== undefined && fault.status === unknown))) return undefined;
      throw judgeFault(fault, { host: models.host, model: name, promptTokens: 0, windowTokens: 0 }).error;
    }
  }
}

/** Servers before 0.6.4 name no capabilities; then the template tells. */
function can(shown: ShownModel | undefined, capability: string, mark: string): boolean {
  if (shown === undefined) return false;
  return shown.capabilities.length > 0 ? shown.capabilities.includes(capability) : shown.template.includes(mark);
}

/** A size to plan with when nothing says one: large enough not to be spared, small enough not to be trusted. */
const PARAMETERS_B_UNKNOWN = 7;

function parametersB(name: string, entry: ListedModel | undefined, shown: ShownModel | undefined): number {
  if (shown?.parameters !== undefined) return shown.parameters / 1e9;
  const match = /([\d.]+)\s*([mb])\b/i.exec(`${entry?.parameterSize ?? ''} ${name}`);
  if (match === null) return PARAMETERS_B_UNKNOWN;
  return Number(match[1]) / ((match[2] ?? '').toLowerCase() === 'm' ? 1_000 : 1);
}

/** A name without a tag means ":latest", as for Ollama itself. */
export function sameModel(a: string, b: string): boolean {
  return withTag(a) === withTag(b);
}

function withTag(name: string): string {
  const lower = name.trim().toLowerCase();
  return lower.slice(lower.lastIndexOf('/') + 1).includes(':') ? lower : `${lower}:latest`;
}

function noModel(host: string, name: string, listed: readonly ListedModel[]): ModelUnavailable {
  if (listed.length === 0) return new ModelUnavailable('no-model', `Ollama at ${host} has no model at all, so not ${name} either.`, `Get it with: ollama pull ${name}`);
  const near = nearNames(name, listed.map((model) => model.name));
  const offer = near.length === 0 ? `It has: ${listed.slice(0, NEAR_MAX).map((model) => model.name).join(', ')}.` : `Did you mean ${near.join(' or ')}?`;
  return new ModelUnavailable('no-model', `Ollama at ${host} has no model ${name}. ${offer}`, `Name one that is there (--model or groundcrew.models.default), or get it with: ollama pull ${name}`);
}

const NEAR_MAX = 3;

/** Installed names that a person may have meant, nearest first: the same family, or a few letters off. */
export function nearNames(name: string, installed: readonly string[]): readonly string[] {
  const wanted = name.toLowerCase();
  return installed
    .map((other) => ({ other, distance: distanceOf(wanted, other.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(2, wanted.length / 3))
    .toSorted((a, b) => a.distance - b.distance || (a.other < b.other ? -1 : 1))
    .slice(0, NEAR_MAX)
    .map(({ other }) => other);
}

/** Edits between the names; another tag of the same family counts one. */
function distanceOf(wanted: string, other: string): number {
  const family = (model: string): string => model.split(':')[0] ?? model;
  if (family(wanted) === family(other)) return 1;
  return Math.min(editDistance(wanted, other), editDistance(family(wanted), family(other)) + 1);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function tooBig(name: string, needed: number, memory: number, listed: readonly ListedModel[]): ModelUnavailable {
  const smaller = listed.filter((model) => model.sizeBytes > 0 && model.sizeBytes < memory * 0.7 && !sameModel(model.name, name)).map((model) => model.name);
  const offer = smaller.length === 0 ? 'for instance: ollama pull qwen2.5-coder:1.5b' : `for instance ${smaller.slice(0, NEAR_MAX).join(', ')}`;
  return new ModelUnavailable('too-big', `${name} needs about ${gigabytes(needed)} of memory; this machine has ${gigabytes(memory)}.`, `Choose a smaller model (--model or groundcrew.models.default), ${offer}.`);
}

export function gigabytes(bytes: number): string {
  return bytes >= 1e12 ? `${(bytes / 1e12).toFixed(1)} TB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
