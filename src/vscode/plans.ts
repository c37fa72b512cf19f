/** Decides how a plan is shown before anything of it runs: as a checklist in a document that the person edits and then starts. */
import * as vscode from 'vscode';
import type { EditPlan } from '../core/workflows/ownPlan.ts';
import type { Handlers } from './commands.ts';
import { planText, readPlan } from './planText.ts';

export interface Plans extends vscode.Disposable {
  readonly handlers: Pick<Handlers, 'groundcrew.runPlan'>;
  /** Waits until the person starts it; `onShown` is told its document. Rejects with signal.reason when the run is stopped. */
  edit(offered: Parameters<EditPlan>[0], onShown: (document: vscode.Uri) => void, signal: AbortSignal): ReturnType<EditPlan>;
}

export function createPlans(): Plans {
  const open = new Map<string, { readonly document: vscode.TextDocument; readonly start: () => void }>();
  return {
    handlers: {
      'groundcrew.runPlan': (uri) => {
        const named = uri instanceof vscode.Uri ? open.get(uri.toString()) : undefined;
        const found = named ?? [...open.values()][0];
        if (found === undefined) throw new Error('No plan waits to be run. The setting groundcrew.plan.first has the crew plan before it searches.');
        found.start();
      },
    },
    async edit(offered, onShown, signal) {
      signal.throwIfAborted();
      const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: planText(offered) });
      const address = document.uri.toString();
      await vscode.window.showTextDocument(document, { preview: false });
      onShown(document.uri);
      const before = document.getText();
      const closing = new AbortController();
      try {
        await new Promise<void>((resolve, reject) => {
          open.set(address, { document, start: resolve });
          signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: closing.signal });
          void show(open);
          void vscode.window.showInformationMessage('The plan is ready. Edit it, then run it; nothing of it runs before.', 'Run This Plan', 'Stop Run').then(async (picked) => {
            if (picked === 'Run This Plan') resolve();
            if (picked === 'Stop Run') await vscode.commands.executeCommand('groundcrew.stopRun');
          });
        });
        const text = document.getText();
        return text === before ? undefined : readPlan(text);
      } finally {
        closing.abort();
        open.delete(address);
        await show(open);
        await close(document);
      }
    },
    dispose: () => open.clear(),
  };
}

async function show(open: ReadonlyMap<string, unknown>): Promise<void> {
  await vscode.commands.executeCommand('setContext', 'groundcrew.plans', [...open.keys()].map((address) => vscode.Uri.parse(address).path));
}

/** It was a question, not a file: it goes without one about saving. */
async function close(document: vscode.TextDocument): Promise<void> {
  if (document.isClosed) return;
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}
