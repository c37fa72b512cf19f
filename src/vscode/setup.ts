/** Decides what Check Setup, the grants page and the list of approvals show, and the sample that can be tried. */
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Handlers } from './commands.ts';
import { createPages, type Pages, plain, table } from './pages.ts';

type SetupCommand = 'groundcrew.checkSetup' | 'groundcrew.showGrants' | 'groundcrew.showApprovals' | 'groundcrew.trySample' | 'groundcrew.getStarted';

export interface SetupSurface extends vscode.Disposable {
  readonly handlers: Pick<Handlers, SetupCommand>;
}

const words = {
  useHost: (url: string): string => `put it into the setting groundcrew.ollama.hosts (${url})`,
  unconfined: 'the setting groundcrew.checks.unconfined',
  nameCheck: 'Name the command that runs your tests in the setting groundcrew.verify.command.',
};
const TITLES: Readonly<Record<string, string>> = { node: 'Node', ollama: 'Ollama', model: 'Model', sandbox: 'Sandbox', store: 'Run log', git: 'Git', checks: 'Tests' };

/** `extension`: where our own files lie. */
export function createSetupSurface(extension: vscode.Uri): SetupSurface {
  const pages = createPages();
  return {
    handlers: {
      'groundcrew.checkSetup': async () => await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Checking the setup', cancellable: true }, async (progress, token) => {
        const stop = new AbortController();
        token.onCancellationRequested(() => stop.abort(new Error('The check of the setup was stopped.')));
        await checkSetup(pages, (what) => progress.report({ message: what }), stop.signal);
      }),
      'groundcrew.showGrants': async () => await showGrants(pages),
      'groundcrew.showApprovals': showApprovals,
      'groundcrew.trySample': async () => await trySample(extension),
      'groundcrew.getStarted': async () => void (await vscode.commands.executeCommand('workbench.action.openWalkthrough', 'groundcrew.groundcrew#start', false)),
    },
    dispose: () => pages.dispose(),
  };
}

async function checkSetup(pages: Pages, say: (what: string) => void, signal: AbortSignal): Promise<void> {
  const { examine } = await import('../node/doctor.ts');
  const rows: string[][] = [];
  const remedies: string[] = [];
  await withHost(async (host) => {
    for await (const line of examine(host, words, signal)) {
      const title = TITLES[line.what] ?? line.what;
      say(title);
      rows.push([line.ok ? '✓ well' : '✗ **not well**', title, plain(line.found)]);
      if (line.remedy !== '') remedies.push(`- **${title}**: ${plain(line.remedy)}`);
    }
  });
  const verdict = remedies.length === 0 ? 'Everything that a fix needs is there.' : 'What to do:';
  await pages.show('Setup', ['# Setup of Groundcrew', '', verdict, '', ...remedies, '', table(['', 'Part', 'Found'], rows), '', `Looked at ${new Date().toLocaleString()}. Run Check Setup again after a change.`].join('\n'));
}

async function showGrants(pages: Pages): Promise<void> {
  const [{ renderGrants }, { allTools }, { cards }] = await Promise.all([import('../core/tools/grants.ts'), import('../core/openRun.ts'), import('../core/agents/roles/all.ts')]);
  await withHost(async (host) => {
    const text = renderGrants(host.ports.grants, allTools).split('\n');
    const notes = text.filter((line) => line.startsWith('*'));
    const [head = [], ...rows] = text.filter((line) => !line.startsWith('*')).map((line) => line.split(/ {2,}/u));
    await pages.show('Grants', [
      '# Who may do what', '',
      'A call that is not granted is refused, whatever a model writes. What holds is what role, run and workspace all allow; settings can take away and never add.', '',
      table(head, rows.map(([tool = '', ...cells]) => [plain(tool), ...cells.map((cell) => (cell === 'no' ? '—' : plain(cell)))])), '',
      ...(notes.length === 0 ? ['No setting narrows these.'] : ['Narrowed on this machine:', '', ...notes.map((note) => `- ${plain(note.replace(/^\*\s*/u, ''))}`)]), '',
      '**—** never · **ask** each time, unless an approval holds · **plan’s files** only files that the plan or the evidence names · **approved** after one yes for this exact command · **own files** what this run created', '',
      '## The crew', '', ...cards.map((card) => `- **${plain(card.name)}**: ${plain(card.does)} *${plain(card.cannot)}*`), '',
      'What you have approved for longer: run Show Approvals.',
    ].join('\n'));
  });
}

type ApprovalItem = vscode.QuickPickItem & { readonly digest: string };

/** Those that hold in the folder, newest first; the button takes one back. */
async function showApprovals(): Promise<void> {
  const list = await approvals();
  const pick = vscode.window.createQuickPick<ApprovalItem>();
  pick.title = 'Approvals for This Workspace';
  pick.placeholder = 'Each holds for 30 days. Take one back with its button, or with Enter';
  const revoke: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('trash'), tooltip: 'Revoke' };
  const draw = async (): Promise<void> => {
    const held = await list.list();
    pick.items = held.map(({ digest, what, at }) => ({ label: labelOf(what), description: `since ${new Date(at).toLocaleString()}`, detail: what.split('\n').slice(1).join(' ').trim(), digest, buttons: [revoke] }));
    if (held.length === 0) pick.placeholder = 'Nothing is approved for this workspace; the crew asks each time.';
  };
  await draw();
  const drop = async (item: ApprovalItem | undefined): Promise<void> => {
    if (item === undefined) return;
    await list.revoke(item.digest);
    await draw();
  };
  pick.onDidTriggerItemButton(({ item }) => void drop(item));
  pick.onDidAccept(() => void drop(pick.selectedItems[0]));
  pick.onDidHide(() => pick.dispose());
  pick.show();
}

/** "verifier wants to call run_check" as a person says it. */
function labelOf(what: string): string {
  const [head = ''] = what.split('\n', 1);
  const found = /^(?<role>\w+) wants to call (?<tool>\w+)/u.exec(head)?.groups;
  return found === undefined ? head : `The ${found['role']} may ${found['tool']?.replaceAll('_', ' ')}`;
}

async function approvals(): Promise<import('../node/approvals.ts').StoredApprovals> {
  const [{ createApprovals }, { stateFolder }, { workspaceRoot }] = await Promise.all([import('../node/approvals.ts'), import('../node/stateFolder.ts'), import('../node/workspaceRoot.ts')]);
  const workspace = workspaceRoot(folderOfWindow());
  return createApprovals({ folder: stateFolder(workspace), workspace, now: Date.now });
}

async function withHost(work: (host: import('../node/host.ts').NodeHost) => Promise<void>): Promise<void> {
  const [{ createNodeHost }, { readSettings }] = await Promise.all([import('../node/host.ts'), import('./crewHost.ts')]);
  const folder = folderOfWindow();
  const settings = readSettings(folder);
  await using host = await createNodeHost({ cwd: folder, model: settings['models.default'] === '' ? undefined : settings['models.default'], hosts: settings['ollama.hosts'], env: process.env, prompt: async () => 'nobody' });
  await work(host);
}

function folderOfWindow(): string {
  const editor = vscode.window.activeTextEditor?.document.uri;
  const own = editor === undefined ? undefined : vscode.workspace.getWorkspaceFolder(editor);
  const folder = own ?? vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  if (folder === undefined || folder.uri.scheme !== 'file') throw new Error('No folder on a disk is open. Open the folder of your project first (File: Open Folder).');
  return folder.uri.fsPath;
}

/** A copy of its own, so that it can be tried again from the start. */
async function trySample(extension: vscode.Uri): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'groundcrew-sample-'));
  await cp(path.join(extension.fsPath, 'media/sample'), folder, { recursive: true });
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder), { forceNewWindow: (vscode.workspace.workspaceFolders ?? []).length > 0 });
}
