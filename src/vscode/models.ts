/** Decides how a model is chosen, and downloaded with the person's consent; whether Ollama and a model are there at all. */
import { statfs } from 'node:fs/promises';
import { homedir, totalmem } from 'node:os';
import * as vscode from 'vscode';
import type { Models } from '../core/model/models.ts';
import type { Handlers } from './commands.ts';
import type { ModelRow } from './modelRows.ts';
import type { Runs } from './runs.ts';
import type { SettingName } from './settings.ts';

type ModelCommand = 'groundcrew.chooseModels' | 'groundcrew.downloadModel';

export interface ModelSurface extends vscode.Disposable {
  readonly handlers: Pick<Handlers, ModelCommand>;
  /** Sets `groundcrew.ollama` for the empty views: "", "none", "no-model" or "ready". Never throws. */
  probe(): Promise<void>;
}

const LIST_MS = 15_000;
const PROBE_MS = 2_000;
const DOWNLOAD = 'download';
/** Each with its setting: where it is not set, the default one works. */
const ROLES = ['planner', 'coder', 'reviewer', 'verifier', 'judge'] as const;

export function createModelSurface(runs: Runs, log: vscode.LogOutputChannel): ModelSurface {
  const surface: ModelSurface = {
    handlers: {
      'groundcrew.chooseModels': async () => {
        const picked = await pickModel(runs);
        if (picked === DOWNLOAD) await download();
        else if (picked !== undefined) await useModel(picked);
        await surface.probe();
      },
      'groundcrew.downloadModel': async (name) => {
        await download(typeof name === 'string' ? name : undefined);
        await surface.probe();
      },
    },
    async probe() {
      const found = await look().catch((error: unknown) => {
        log.debug(`Ollama was not reached: ${String(error)}`);
        return 'none';
      });
      await vscode.commands.executeCommand('setContext', 'groundcrew.ollama', found);
    },
    dispose: () => undefined,
  };
  return surface;
}

/** The server of the settings; the crew uses the same. */
async function withModels<T>(work: (models: Models) => Promise<T>): Promise<T> {
  const { pickHost } = await import('../node/pickHost.ts');
  using models = await pickHost({ hosts: readHosts(), env: process.env });
  return await work(models);
}

/** Servers that the user named; garbage in the settings is told when a run reads them. */
function readHosts(): readonly string[] {
  const named: unknown = vscode.workspace.getConfiguration('groundcrew').get('ollama.hosts');
  return Array.isArray(named) ? named.filter((host) => typeof host === 'string') : [];
}

async function look(): Promise<'none' | 'no-model' | 'ready'> {
  const { offeredModels } = await import('../core/model/offered.ts');
  return await withModels(async (models) => ((await offeredModels(models, AbortSignal.timeout(PROBE_MS))).offered.length === 0 ? 'no-model' : 'ready'));
}

type ModelItem = vscode.QuickPickItem & { readonly model?: string };

async function pickModel(runs: Runs): Promise<string | undefined> {
  const { listModels } = await import('./modelRows.ts');
  const chosen = vscode.workspace.getConfiguration('groundcrew').get<string>('models.default') ?? '';
  const pick = vscode.window.createQuickPick<ModelItem>();
  pick.title = 'Choose Models';
  pick.placeholder = 'Model that the crew works with';
  pick.matchOnDescription = true;
  pick.busy = true;
  pick.show();
  const stop = AbortSignal.timeout(LIST_MS);
  try {
    const { rows, told } = await withModels(async (models) => await listModels(models, { memoryBytes: totalmem(), runs }, stop));
    pick.items = [
      ...rows.map((row) => itemOf(row, chosen)),
      { label: '$(sparkle) Let the crew choose', description: chosen === '' ? 'as now' : 'the best installed one that fits into memory', model: '' },
      { label: '', kind: vscode.QuickPickItemKind.Separator },
      { label: '$(cloud-download) Download a Model', model: DOWNLOAD, alwaysShow: true },
    ];
    if (told !== '') pick.placeholder = told;
    pick.busy = false;
    return await new Promise<string | undefined>((resolve) => {
      pick.onDidAccept(() => resolve(pick.selectedItems[0]?.model));
      pick.onDidHide(() => resolve(undefined));
    });
  } finally {
    pick.dispose();
  }
}

function itemOf(row: ModelRow, chosen: string): ModelItem {
  return { label: `$(${row.isUsable ? (row.name === chosen ? 'check' : 'circuit-board') : 'circle-slash'}) ${row.name}`, description: row.description, detail: row.detail, model: row.name };
}

/** For everybody, or for one role. */
async function useModel(name: string): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('groundcrew');
  const places: readonly (vscode.QuickPickItem & { readonly setting: SettingName })[] = [
    { label: '$(organization) The whole crew', description: configuration.get<string>('models.default') || 'chosen by the crew', setting: 'models.default' },
    ...ROLES.map((role) => ({ label: `$(person) Only the ${role}`, description: configuration.get<string>(`models.${role}`) || 'as the whole crew', setting: `models.${role}` as const })),
  ];
  const place = await vscode.window.showQuickPick(places, { title: name === '' ? 'Let the Crew Choose' : `Use ${name}`, placeHolder: 'For whom? One model for all is quickest: it is loaded once.' });
  if (place === undefined) return;
  const isOfWorkspace = configuration.inspect(place.setting)?.workspaceValue !== undefined;
  await configuration.update(place.setting, name === '' ? undefined : name, isOfWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global);
  void vscode.window.showInformationMessage(`${name === '' ? 'The crew chooses' : name} from the next run on (${place.label.replace(/^\$\([\w-]+\) /u, '').toLowerCase()}).`);
}

/** Nothing is asked of the server before the person has agreed; a download that was stopped goes on where it was. */
async function download(named?: string): Promise<void> {
  const { MEMORY_FACTOR, SUGGESTED } = await import('./modelRows.ts');
  const memory = totalmem();
  const name = named ?? (await askForName(SUGGESTED.map(({ name: each, bytes }) => ({ label: each, description: `${(bytes / 1e9).toFixed(1)} GB`, detail: bytes * MEMORY_FACTOR <= memory ? `fits into the ${(memory / 1e9).toFixed(0)} GB of this machine` : `too big for the ${(memory / 1e9).toFixed(0)} GB of this machine` }))));
  if (name === undefined || name === '') return;
  const [{ pullModel }, { createClock }] = await Promise.all([import('../core/model/pullModel.ts'), import('../node/clock.ts')]);
  const size = SUGGESTED.find((each) => each.name === name)?.bytes;
  const agreed = async (): Promise<boolean> => (await vscode.window.showWarningMessage(`Download ${name}${size === undefined ? '' : ` (${(size / 1e9).toFixed(1)} GB)`}?`, { modal: true, detail: 'Ollama downloads it from its library. Your code stays on this machine.' }, 'Download')) === 'Download';
  if (!(await agreed())) return;
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Downloading ${name}`, cancellable: true }, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort(new Error(`The download of ${name} was stopped. Start it again and it goes on where it was.`)));
    let shown = 0;
    await withModels(async (models) => await pullModel({
      models, name, agreed: async () => true, freeBytes: models.isLocal ? await freeBytes() : null, clock: createClock(),
      onProgress({ status, completedBytes, totalBytes }) {
        const percent = totalBytes === 0 ? 0 : (completedBytes / totalBytes) * 100;
        progress.report({ message: totalBytes === 0 ? status : `${(completedBytes / 1e9).toFixed(1)} of ${(totalBytes / 1e9).toFixed(1)} GB`, increment: Math.max(0, percent - shown) });
        shown = Math.max(shown, percent);
      },
    }, stop.signal));
  });
  void vscode.window.showInformationMessage(`${name} is there. The crew can work with it now.`);
}

async function askForName(suggested: readonly vscode.QuickPickItem[]): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick();
  pick.title = 'Download a Model';
  pick.placeholder = 'Pick one, or type the name of another in the library of Ollama';
  pick.items = suggested;
  pick.onDidChangeValue((value) => {
    const typed = value.trim();
    pick.items = typed === '' || suggested.some(({ label }) => label === typed) ? suggested : [...suggested, { label: typed, description: 'as typed', alwaysShow: true }];
  });
  pick.show();
  try {
    return await new Promise((resolve) => {
      pick.onDidAccept(() => resolve(pick.selectedItems[0]?.label));
      pick.onDidHide(() => resolve(undefined));
    });
  } finally {
    pick.dispose();
  }
}

/** Of the disk with the models, as far as an environment variable tells; null: unknown. */
async function freeBytes(): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(process.env['OLLAMA_MODELS'] ?? homedir());
    return bavail * bsize;
  } catch {
    return null;
  }
}
