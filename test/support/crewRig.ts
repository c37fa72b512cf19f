/** Decides how tests run a whole crew: a real folder, real git, store, sandbox and processes, and a model that answers from a script. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { type Crew, createCrew, type Ended } from '../../src/core/crew.ts';
import type { FixRequest, RunEvent } from '../../src/core/domain/event.ts';
import { RunSettings } from '../../src/core/domain/settings.ts';
import { type ModelFacts, ModelUnavailable } from '../../src/core/model/chatModel.ts';
import { createScriptedModel, type ScriptEntry } from '../../src/core/model/scriptedModel.ts';
import type { CrewPorts } from '../../src/core/openRun.ts';
import { createNodeHost, type HostOptions } from '../../src/node/host.ts';

export interface CrewRig extends AsyncDisposable {
  readonly root: string;
  readonly crew: Crew;
  readonly events: readonly RunEvent[];
  read(file: string): string;
  write(file: string, text: string): void;
  fix(request: Partial<FixRequest>, settings?: Partial<RunSettings>, signal?: AbortSignal): Promise<Ended>;
  resume(run: string): Promise<Ended>;
  undo(run: string): Promise<{ readonly restored: readonly string[]; readonly conflicts: readonly string[] }>;
}

export interface CrewRigOptions {
  /** Temporary folder of the test; the workspace and the state stand in it. */
  readonly folder: string;
  readonly files: Readonly<Record<string, string>>;
  /** undefined: no model can be had. */
  readonly script?: readonly ScriptEntry[];
  readonly facts?: Partial<ModelFacts>;
  readonly ports?: Partial<CrewPorts>;
  readonly confirm?: CrewPorts['confirm'];
  readonly prompt?: HostOptions['prompt'];
  readonly git?: boolean;
  /** Seen as it happens: to interrupt a run at a moment. */
  readonly listen?: (event: RunEvent) => void;
}

export async function createCrewRig(options: CrewRigOptions): Promise<CrewRig> {
  const root = path.join(options.folder, 'workspace');
  const events: RunEvent[] = [];
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  for (const [file, text] of Object.entries(options.files)) write(file, text);
  if (options.git !== false) {
    for (const args of [['init', '-q'], ['add', '-A'], ['-c', 'user.email=a@b.c', '-c', 'user.name=n', 'commit', '-qm', 'start']]) execFileSync('git', args, { cwd: root });
  }
  const env = { ...process.env, XDG_STATE_HOME: path.join(options.folder, 'state'), OLLAMA_HOST: '127.0.0.1:1' };
  const host = await createNodeHost({ cwd: root, model: undefined, hosts: [], env, prompt: options.prompt ?? (async () => 'nobody') });
  const { script } = options;
  const ports: CrewPorts = {
    ...host.ports,
    async openModel(emit) {
      if (script === undefined) throw new ModelUnavailable('unreachable', 'Nothing answers at 127.0.0.1:1.', 'Start Ollama.');
      return createScriptedModel({ script, facts: options.facts ?? {}, clock: host.ports.clock, ids: host.ports.ids, emit });
    },
    confirm: options.confirm ?? (async () => 'nobody'),
    ...options.ports,
  };
  const crew = createCrew(ports);
  const listen = (event: RunEvent): void => {
    events.push(event);
    options.listen?.(event);
  };
  return {
    root,
    crew,
    events,
    read: (file) => readFileSync(path.join(root, file), 'utf8'),
    write,
    fix: async (request, settings = {}, signal = new AbortController().signal) =>
      await crew.start({ command: 'fix', words: '', test: null, file: null, line: null, paths: [], ...request }, RunSettings.parse({ approve: 'safe', apply: 'no', ...settings }), listen, signal),
    resume: async (run) => await crew.resume(run, listen, new AbortController().signal),
    undo: async (run) => await crew.undo(run, new AbortController().signal),
    [Symbol.asyncDispose]: async () => await host[Symbol.asyncDispose](),
  };
}
