/** Decides how `models` is run: what is installed on the chosen Ollama, and whether each fits. */
import { inspectModel } from '../../core/model/inspect.ts';
import { ModelUnavailable } from '../../core/model/chatModel.ts';
import { offeredModels } from '../../core/model/offered.ts';
import { createNodeHost } from '../../node/host.ts';
import type { Invocation } from '../args.ts';
import { nobody } from '../ask.ts';

const ASK_MS = 10_000;

export async function models({ common }: Extract<Invocation, { kind: 'runs' | 'doctor' | 'models' }>): Promise<number> {
  await using host = await createNodeHost({ cwd: common.cwd, model: common.model, hosts: common.hosts, env: process.env, prompt: nobody.approve });
  const signal = AbortSignal.timeout(ASK_MS);
  const { offered, told } = await offeredModels(host.models, signal);
  if (told !== '') process.stdout.write(`${told}\n`);
  for (const { name } of offered) {
    const line = await describe(host, name, signal);
    process.stdout.write(common.json ? `${JSON.stringify(line)}\n` : `${name === host.ports.modelName ? '*' : ' '} ${line.name}  ${line.text}\n`);
  }
  return offered.length === 0 ? 2 : 0;
}

async function describe(host: Awaited<ReturnType<typeof createNodeHost>>, name: string, signal: AbortSignal): Promise<{ readonly name: string; readonly usable: boolean; readonly text: string }> {
  try {
    const report = await inspectModel({ models: host.models, name, limits: { windowTokens: null }, memoryBytes: host.memoryBytes, allowCloud: false }, signal);
    const abilities = [report.canFill ? 'fills gaps' : 'cannot fill gaps', report.canCallTools ? 'calls tools' : 'no tool calls'];
    return { name, usable: true, text: `${report.parametersB} B parameters, window ${report.window.windowTokens}, ${abilities.join(', ')}` };
  } catch (error) {
    if (!(error instanceof ModelUnavailable)) throw error;
    return { name, usable: false, text: `${error.message} ${error.remedy}` };
  }
}
