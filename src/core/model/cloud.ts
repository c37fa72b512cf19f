/** Decides which models run elsewhere: their names or the server's own records say so, and they are refused unless the user allowed them. */
import { ModelUnavailable } from './chatModel.ts';

/** Ollama's own marks: gpt-oss:120b-cloud, kimi-k2:1t-cloud, deepseek-v3.1:cloud. */
export function hasCloudName(model: string): boolean {
  return /[:-]cloud$/i.test(model.trim());
}

export function cloudRefused(model: string, remoteHost: string | undefined): ModelUnavailable {
  const where = remoteHost === undefined ? 'in the cloud' : `on a remote host, ${remoteHost.replaceAll(/[\p{Cc}\s]/gu, '')}`;
  return new ModelUnavailable('refused-cloud', `${model} does not run here but ${where}: your code would leave this machine. It was stopped.`, 'Choose a model that runs on your own machine, or allow cloud models in the settings.');
}
