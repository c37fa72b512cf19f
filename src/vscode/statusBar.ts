/** Decides what the status bar says: the run of this window that matters most, or nothing. */
import * as vscode from 'vscode';
import { seconds } from '../core/trace/text.ts';
import type { Run, Runs } from './runs.ts';

const TICK_MS = 1_000;

export function createStatusBar(runs: Runs): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('groundcrew.status', vscode.StatusBarAlignment.Left, 10);
  item.name = 'Groundcrew';
  item.command = 'groundcrew.runs.focus';
  const draw = (): void => {
    // What a save has started has a word of its own (reviewOnSave.ts).
    const live = runs.all.filter((run) => run.owner.kind === 'here' && run.request?.background !== true);
    const run = live.find(({ questions }) => questions.length > 0) ?? live[0];
    if (run === undefined) {
      item.hide();
      return;
    }
    const isWaiting = run.questions.length > 0;
    item.text = isWaiting ? `$(bell-dot) Groundcrew: ${run.state === 'ready' ? 'ready to review' : 'needs you'}` : `$(sync~spin) Groundcrew: ${workOf(run)}`;
    item.tooltip = [run.title, ...detailsOf(run), 'Click to see the run.'].join('\n');
    item.backgroundColor = isWaiting ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.show();
  };
  const timer = setInterval(() => {
    if (runs.all.some((run) => run.owner.kind === 'here')) draw();
  }, TICK_MS);
  const listening = runs.onDidChange((change) => change.kind !== 'event' && draw());
  return vscode.Disposable.from(item, listening, new vscode.Disposable(() => clearInterval(timer)));
}

/** Model, its queue and its speed so far, from the run's own calls. */
function detailsOf({ view }: Run): readonly string[] {
  if (view === null || view.model === null) return ['Without a model'];
  const calls = [...view.calls.values()];
  const waiting = calls.filter(({ state, phase }) => state === 'running' && phase === 'queued').length;
  const wrote = calls.filter(({ state }) => state === 'completed').reduce((sum, { tokens, timings }) => ({ tokens: sum.tokens + (tokens?.reply ?? 0), ms: sum.ms + (timings?.replyMs ?? 0) }), { tokens: 0, ms: 0 });
  const facts = [calls.length === 0 ? 'not asked yet' : `${calls.length} calls`, wrote.ms === 0 ? '' : `writes ${Math.round((wrote.tokens * 1_000) / wrote.ms)} tokens a second`, waiting === 0 ? '' : `${waiting} waiting for Ollama`];
  return [`${view.model}: ${facts.filter((fact) => fact !== '').join(', ')}`];
}

/** Task, then the model's speed where it writes. */
function workOf({ view }: Run): string {
  if (view === null) return 'starting';
  const task = [...view.tasks.values()].findLast((each) => each.state === 'running');
  const call = [...view.calls.values()].findLast((each) => each.state === 'running');
  const speed = call?.phase === 'writing' ? ` · ${call.progressTokens} tokens` : call?.phase === 'queued' ? ' · waiting for Ollama' : '';
  return `${task?.title ?? 'starting'}${speed} · ${seconds(Math.max(0, Date.now() - view.startedAt))}`;
}
