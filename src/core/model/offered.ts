/** Decides which models of a host are offered: those that run there; cloud models are named and left out. */
import { ModelUnavailable } from './chatModel.ts';
import { hasCloudName } from './cloud.ts';
import { judgeFault } from './faults.ts';
import { HostFault, type ListedModel, type Models } from './models.ts';

export interface OfferedModels {
  readonly offered: readonly ListedModel[];
  readonly cloud: readonly ListedModel[];
  /** "" where there is nothing to say. */
  readonly told: string;
}

/** @throws ModelUnavailable when the host gives no list; signal.reason. */
export async function offeredModels(models: Models, signal: AbortSignal): Promise<OfferedModels> {
  const listed = await listOf(models, signal);
  const isCloud = (model: ListedModel): boolean => model.remoteHost !== undefined || hasCloudName(model.name);
  const offered = listed.filter((model) => !isCloud(model));
  const cloud = listed.filter(isCloud);
  const none = offered.length > 0 ? '' : `No model is installed on ${models.host}. Get one with: ollama pull qwen2.5-coder:1.5b`;
  const away = cloud.length === 0 ? '' : `Not offered, since they run in the cloud and your code would leave this machine: ${cloud.map((model) => model.name).join(', ')}.`;
  return { offered, cloud, told: [none, away].filter((part) => part !== '').join(' ') };
}

async function listOf(models: Models, signal: AbortSignal): Promise<readonly ListedModel[]> {
  try {
    return await models.list(signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (!(error instanceof HostFault)) throw error;
    const judged = judgeFault(error, { host: models.host, model: 'any model', promptTokens: 0, windowTokens: 0 }).error;
    throw judged instanceof ModelUnavailable ? judged : new ModelUnavailable('failed', error.message, 'Look at the log of the server.');
  }
}
