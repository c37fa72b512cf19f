/** Decides how a long text of a run (prompt, reply, output) is opened: as a read-only document that is made from the log when asked for. */
import * as vscode from 'vscode';
import { commandLine, json } from '../core/trace/text.ts';
import type { RunView } from '../core/run/view.ts';
import type { Runs } from './runs.ts';

const SCHEME = 'groundcrew-run';
const KINDS = ['prompt', 'reply', 'tool', 'message', 'check'] as const;
type Kind = (typeof KINDS)[number];

/** The name is what the tab shows. */
export function textUri(run: string, kind: Kind, id: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${kind}.txt`, query: JSON.stringify([run, kind, id]) });
}

export function registerTextDocuments(runs: Runs): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    async provideTextDocumentContent(uri) {
      const [run, kind, id] = partsOf(uri);
      const known = KINDS.find((each) => each === kind);
      if (run === undefined || known === undefined || id === undefined) return 'This link names no text of a run.';
      return textOf(await runs.load(run), known, id) ?? `Run ${run} has no ${known} ${id}.`;
    },
  });
}

/** @throws Error for an address that is not one of ours. */
export async function showText(address: unknown): Promise<void> {
  const uri = vscode.Uri.parse(String(address), true);
  if (uri.scheme !== SCHEME) throw new Error(`"${uri.scheme}:" is no text of a run; pick a row of the RUNS view.`);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}

function partsOf(uri: vscode.Uri): readonly string[] {
  try {
    const parts: unknown = JSON.parse(uri.query);
    return Array.isArray(parts) ? parts.map(String) : [];
  } catch {
    return [];
  }
}

function textOf(view: RunView, kind: Kind, id: string): string | undefined {
  switch (kind) {
    case 'prompt': {
      const call = view.calls.get(id);
      return call === undefined ? undefined : call.messages.map(({ role, content }) => `── ${role} ──\n${content}`).join('\n\n');
    }
    case 'reply': {
      const call = view.calls.get(id);
      if (call === undefined) return undefined;
      return [call.reply, ...(call.toolCalls.length === 0 ? [] : [json(call.toolCalls)]), ...(call.error === null ? [] : [`(${call.state}: ${call.error})`])].join('\n\n');
    }
    case 'tool': {
      const tool = view.toolCalls.find(({ call }) => call === id);
      return tool === undefined ? undefined : `${tool.role} called ${tool.tool}: ${tool.decision} by ${tool.rule}\n\n── arguments ──\n${json(tool.arguments)}\n\n── result ──\n${tool.result}`;
    }
    case 'message': return view.messages.find((message) => message.id === id)?.body;
    case 'check': {
      const check = view.checks.find(({ key }) => key === id);
      return check === undefined ? undefined : `$ ${commandLine(check.check.argv)}\nexit ${check.outcome.exit ?? 'killed'}\n\n${check.output}`;
    }
  }
}
