/** Decides how runs stand in the side bar: which rows there are and what each says. Never what a run is: that is runs.ts. */
import * as vscode from 'vscode';
import { commandLine, duration, short, some } from '../core/trace/text.ts';
import type { CallView, RunView, TaskView } from '../core/run/view.ts';
import { agentsOf, type AgentRow, itemsOf, ITEMS_MAX, type LogItem } from './agentRows.ts';
import { askOf, claimOf, describe, headOf } from './approvals.ts';
import type { Question, Run, Runs, RunState } from './runs.ts';
import { textUri } from './textDocuments.ts';

export type Node =
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'question'; readonly run: Run; readonly question: Question }
  | { readonly kind: 'task'; readonly run: Run; readonly task: TaskView }
  | { readonly kind: 'agent'; readonly run: Run; readonly agent: AgentRow }
  | { readonly kind: 'item'; readonly run: Run; readonly item: LogItem }
  | { readonly kind: 'fact'; readonly run: Run; readonly label: string; readonly text: string; readonly uri?: vscode.Uri };

export interface RunsTree extends vscode.Disposable {
  readonly isVisible: boolean;
  /** Selects the run's row, and opens the view where it is not seen; the keyboard stays where it is. */
  reveal(run: string): Promise<void>;
}

/** A side bar of 300 px shows so much of a title and still the state behind it; the tooltip has the whole. */
const TITLE_CHARS_MAX = 22;
/** How often rows of a run at work are drawn again at most: a search offers hundreds of candidates a minute. */
const DRAW_MS = 250;
/** Our own wait, and the 200 ms for which the editor gathers refreshes: it reveals no row that it has not asked for since. */
const LISTED_MS = DRAW_MS + 350;
/** Clocks of rows move so often. */
const TICK_MS = 1_000;
/** How often other windows are looked at while they work. */
const LOOK_MS = 3_000;

export function createRunsTree(runs: Runs): RunsTree {
  const nodes = new Map<string, Node & { readonly kind: 'run' }>();
  const changed = new vscode.EventEmitter<Node | undefined>();
  const nodeOf = (run: Run): Node & { readonly kind: 'run' } => {
    const node = nodes.get(run.id) ?? { kind: 'run' as const, run };
    nodes.set(run.id, node);
    return node;
  };
  const provider: vscode.TreeDataProvider<Node> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: rowOf,
    getParent: (node) => (node.kind === 'run' ? undefined : nodeOf(node.run)),
    async getChildren(node) {
      if (node === undefined) {
        if (runs.all.length === 0) await runs.refresh();
        return runs.all.map(nodeOf);
      }
      return [...(await childrenOf(runs, node))];
    },
  };
  const view = vscode.window.createTreeView('groundcrew.runs', { treeDataProvider: provider, showCollapseAll: true });
  const draw = createDraw((run) => changed.fire(run === undefined ? undefined : nodes.get(run)), () => setBadge(view, runs));
  const subscriptions = [
    runs.onDidChange((change) => {
      if (change.kind === 'list') draw.all();
      else if (change.kind !== 'shown') draw.one(change.run.id);
    }),
    every(TICK_MS, () => {
      for (const run of runs.all) if (run.owner.kind === 'here' && run.state === 'running') draw.one(run.id);
    }),
    every(LOOK_MS, () => {
      if (view.visible && runs.all.some((run) => run.owner.kind === 'elsewhere')) void runs.refresh();
    }),
    view.onDidChangeVisibility(({ visible }) => visible && void runs.refresh()),
    vscode.window.onDidChangeWindowState(({ focused }) => focused && view.visible && void runs.refresh()),
  ];
  return {
    get isVisible() {
      return view.visible;
    },
    async reveal(id) {
      await new Promise((resolve) => setTimeout(resolve, LISTED_MS));
      const run = runs.get(id);
      if (run !== undefined) await view.reveal(nodeOf(run), { select: true, focus: false, expand: true });
    },
    dispose: () => vscode.Disposable.from(view, changed, draw, ...subscriptions).dispose(),
  };
}

function every(ms: number, work: () => void): vscode.Disposable {
  const timer = setInterval(work, ms);
  return new vscode.Disposable(() => clearInterval(timer));
}

/** Gathers what changed, and draws it once in a while. */
function createDraw(fire: (run: string | undefined) => void, after: () => void): vscode.Disposable & { all(): void; one(run: string): void } {
  const waiting = new Set<string | undefined>();
  let timer: NodeJS.Timeout | undefined;
  const add = (run: string | undefined): void => {
    waiting.add(run);
    timer ??= setTimeout(() => {
      timer = undefined;
      const all = waiting.has(undefined) ? [undefined] : [...waiting];
      waiting.clear();
      for (const each of all) fire(each);
      after();
    }, DRAW_MS);
  };
  return { all: () => add(undefined), one: add, dispose: () => clearTimeout(timer) };
}

function setBadge(view: vscode.TreeView<Node>, runs: Runs): void {
  const count = runs.all.reduce((sum, run) => sum + run.questions.length, 0);
  view.badge = count === 0 ? undefined : { value: count, tooltip: `${some(count, 'question')} for you` };
}

async function childrenOf(runs: Runs, node: Node): Promise<readonly Node[]> {
  switch (node.kind) {
    case 'run': {
      const { run } = node;
      const view = await runs.load(run.id);
      return [
        ...run.questions.map((question): Node => ({ kind: 'question', run, question })),
        ...[...view.tasks.values()].filter((task) => task.planned || task.state === 'failed').map((task): Node => ({ kind: 'task', run, task })),
        ...agentsOf(view).map((agent): Node => ({ kind: 'agent', run, agent })),
      ];
    }
    case 'agent': {
      const { shown, left } = itemsOf(viewOf(node.run), node.agent.role);
      const rest: readonly Node[] = left === 0 ? [] : [{ kind: 'fact', run: node.run, label: `${left} earlier ones`, text: `only the last ${ITEMS_MAX} are listed; the trace has all` }];
      return [...rest, ...shown.map((item): Node => ({ kind: 'item', run: node.run, item }))];
    }
    case 'item': return node.item.kind === 'call' ? factsOf(node.run, node.item.call) : [];
    case 'task': case 'question': case 'fact': return [];
  }
}

function viewOf(run: Run): RunView {
  if (run.view === null) throw new Error(`Run ${run.id} was not loaded before its rows were drawn.`);
  return run.view;
}

function factsOf(run: Run, call: CallView): readonly Node[] {
  const split = call.timings;
  const tokens = call.tokens;
  return [
    { kind: 'fact', run, label: 'Prompt', text: short(call.messages.at(-1)?.content ?? '', 80), uri: textUri(run.id, 'prompt', call.call) },
    { kind: 'fact', run, label: 'Reply', text: short(call.reply, 80) || call.error || call.state, uri: textUri(run.id, 'reply', call.call) },
    ...(tokens === null ? [] : [{ kind: 'fact' as const, run, label: 'Tokens', text: `${tokens.prompt} read, ${tokens.reply} written${tokens.estimated ? ', estimated' : ''}` }]),
    ...(split === null ? [] : [{ kind: 'fact' as const, run, label: 'Time', text: `${duration(split.totalMs)}: waited ${duration(split.queueMs)}, loaded ${duration(split.loadMs)}, read ${duration(split.promptMs)}, wrote ${duration(split.replyMs)}` }]),
  ];
}

function rowOf(node: Node): vscode.TreeItem {
  switch (node.kind) {
    case 'run': return runRow(node.run);
    case 'question': return questionRow(node);
    case 'task': return taskRow(node.run, node.task);
    case 'agent': return agentRow(node.run, node.agent);
    case 'item': return itemRow(node.run, node.item);
    case 'fact': {
      const item = new vscode.TreeItem(node.label);
      item.description = node.text;
      item.tooltip = node.text;
      if (node.uri !== undefined) item.command = { title: 'Show Text', command: 'groundcrew.showText', arguments: [node.uri.toString()] };
      return item;
    }
  }
}

const STATE: Readonly<Record<RunState, { readonly word: string; readonly icon: string; readonly colour?: string }>> = {
  'needs-you': { word: 'needs you', icon: 'bell-dot', colour: 'notificationsWarningIcon.foreground' },
  running: { word: 'running', icon: 'sync~spin' },
  ready: { word: 'ready to review', icon: 'git-pull-request', colour: 'charts.blue' },
  done: { word: 'done', icon: 'pass', colour: 'testing.iconPassed' },
  failed: { word: 'failed', icon: 'error', colour: 'testing.iconFailed' },
  stopped: { word: 'stopped', icon: 'debug-stop', colour: 'disabledForeground' },
  interrupted: { word: 'interrupted', icon: 'debug-pause', colour: 'notificationsWarningIcon.foreground' },
};

function runRow(run: Run): vscode.TreeItem {
  const state = isUndone(run) ? { icon: 'discard', colour: 'disabledForeground' } : STATE[run.state];
  const item = new vscode.TreeItem(short(run.title, TITLE_CHARS_MAX), run.owner.kind === 'here' ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed);
  item.id = run.id;
  item.iconPath = new vscode.ThemeIcon(state.icon, state.colour === undefined ? undefined : new vscode.ThemeColor(state.colour));
  item.description = [wordOf(run), detailOf(run)].filter((part) => part !== '').join(' · ');
  item.tooltip = tooltipOf(run);
  item.contextValue = actionsOf(run).join(' ');
  item.accessibilityInformation = { label: `${run.title}, ${item.description}` };
  return item;
}

/** Words that commands.ts looks for in `viewItem`. */
export function actionsOf(run: Run): readonly string[] {
  if (run.owner.kind === 'elsewhere') return ['run', 'trace'];
  if (run.owner.kind === 'here') return ['run', 'live', 'stop', ...(run.questions.some(({ kind }) => kind === 'apply') ? ['apply'] : []), 'trace'];
  const isApplied = run.outcome?.applied === true && !isUndone(run);
  return ['run', ...(isResumable(run) ? ['resume'] : []), ...(run.state === 'failed' || run.state === 'stopped' || isUndone(run) ? ['retry'] : []), ...(isApplied ? ['undo'] : []), ...(run.outcome?.kind === 'conflict' ? ['compare'] : []), 'trace'];
}

/** As the core says it (run/resume.ts); the row only offers it. */
export function isResumable({ outcome, owner, view }: Run): boolean {
  if (owner.kind !== 'nobody' || (view?.applied.length ?? 0) > 0 || outcome?.applied === true) return false;
  switch (outcome?.kind) {
    case undefined: case 'stopped': case 'error': case 'environment': case 'needs-approval': return true;
    case 'fixed': case 'proposed': case 'partial': case 'undecided': case 'not-reproduced': case 'gave-up': case 'conflict': case 'reviewed': return false;
  }
}

/** Leads the row: what comes after is cut first. */
function wordOf(run: Run): string {
  if (run.owner.kind === 'elsewhere') return `${STATE[run.state].word} in another window`;
  if (isUndone(run)) return 'undone';
  const { outcome } = run;
  if (outcome?.kind === 'fixed' && !outcome.applied) return 'done, not applied';
  return run.state === 'failed' && outcome !== null ? `failed: ${outcome.kind.replaceAll('-', ' ')}` : STATE[run.state].word;
}

const isUndone = ({ view }: Run): boolean => (view?.undone.length ?? 0) > 0;

function detailOf(run: Run): string {
  const { view, outcome } = run;
  if (outcome !== null) return outcome.kind === 'reviewed' ? `${some(outcome.findings.length, 'finding')} · ${duration(outcome.durationMs)}` : duration(outcome.durationMs);
  if (view === null) return '';
  const tasks = [...view.tasks.values()].filter((task) => task.planned);
  const at = tasks.filter((task) => task.state !== 'waiting').length;
  const spent = run.owner.kind === 'nobody' ? '' : duration(Math.max(0, Date.now() - view.startedAt));
  return [tasks.length === 0 ? '' : `${at} of ${tasks.length}`, spent].filter((part) => part !== '').join(' · ');
}

function tooltipOf(run: Run): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendText(`${run.title}\n`);
  text.appendText(`${STATE[run.state].word}${run.outcome === null ? '' : `: ${run.outcome.reason}`}\n`);
  if (run.owner.kind === 'elsewhere') text.appendText(`Process ${run.owner.pid} on ${run.owner.host} works on it; it is shown here and not touched.\n`);
  text.appendText(`Started ${new Date(run.startedAt).toLocaleString()}`);
  return text;
}

const QUESTION_ICON = { apply: 'git-pull-request', plan: 'checklist', approval: 'question' } as const;

function questionRow({ run, question }: Node & { readonly kind: 'question' }): vscode.TreeItem {
  const item = new vscode.TreeItem(question.kind === 'apply' ? 'Write the change?' : question.kind === 'plan' ? 'Go on by this plan?' : askOf(question.request));
  item.id = `${run.id}/${question.id}`;
  item.iconPath = new vscode.ThemeIcon(QUESTION_ICON[question.kind], new vscode.ThemeColor('notificationsWarningIcon.foreground'));
  if (question.kind === 'apply') {
    item.description = claimOf(question.text);
    item.command = { title: 'Review Changes', command: 'groundcrew.reviewChanges', arguments: [{ run: run.id }] };
    item.contextValue = 'question apply';
    return item;
  }
  if (question.kind === 'plan') {
    item.description = 'edit it first, where you would do otherwise';
    item.command = { title: 'Show Plan', command: 'vscode.open', arguments: [question.document] };
    item.contextValue = 'question plan';
    return item;
  }
  const { request } = question;
  item.description = `${request.role} · ${request.why}`;
  const tooltip = new vscode.MarkdownString();
  tooltip.appendText(headOf(request));
  tooltip.appendCodeblock(describe(request), 'text');
  item.tooltip = tooltip;
  item.contextValue = `question approve${request.rememberable ? ' remember' : ''}`;
  return item;
}

const TASK_ICON: Readonly<Record<TaskView['state'], string>> = { waiting: 'circle-outline', running: 'sync~spin', done: 'pass', failed: 'error', skipped: 'circle-slash', stopped: 'debug-stop' };
const TASK_COLOUR: Readonly<Partial<Record<TaskView['state'], string>>> = { done: 'testing.iconPassed', failed: 'testing.iconFailed', waiting: 'disabledForeground', skipped: 'disabledForeground' };

function taskRow(run: Run, task: TaskView): vscode.TreeItem {
  const item = new vscode.TreeItem(task.title);
  item.id = `${run.id}/task/${task.id}`;
  const colour = TASK_COLOUR[task.state];
  item.iconPath = new vscode.ThemeIcon(TASK_ICON[task.state], colour === undefined ? undefined : new vscode.ThemeColor(colour));
  const until = task.finishedAt ?? (run.owner.kind === 'here' ? Date.now() : run.view?.lastAt ?? Date.now());
  const spent = task.startedAt === null ? '' : duration(until - task.startedAt);
  item.description = [task.state, spent, task.summary].filter((part) => part !== '').join(' · ');
  item.tooltip = `${task.title} (${task.role}): ${task.state}${task.summary === '' ? '' : `\n${task.summary}`}${task.acceptance === '' ? '' : `\nAcceptance: ${task.acceptance}`}`;
  return item;
}

function agentRow(run: Run, agent: AgentRow): vscode.TreeItem {
  const item = new vscode.TreeItem(capital(agent.role), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `${run.id}/agent/${agent.role}`;
  item.iconPath = new vscode.ThemeIcon(agent.isAtWork ? 'sync~spin' : 'person');
  const parts = [agent.calls === 0 ? '' : some(agent.calls, 'model call'), agent.tokens === 0 ? '' : `${some(agent.tokens, 'token')}`, agent.tools === 0 ? '' : some(agent.tools, 'tool call'), agent.messages === 0 ? '' : some(agent.messages, 'message')];
  item.description = parts.filter((part) => part !== '').join(' · ');
  return item;
}

function itemRow(run: Run, entry: LogItem): vscode.TreeItem {
  switch (entry.kind) {
    case 'call': {
      const { call } = entry;
      const item = new vscode.TreeItem(call.purpose, vscode.TreeItemCollapsibleState.Collapsed);
      item.id = `${run.id}/call/${call.call}`;
      item.iconPath = new vscode.ThemeIcon(call.state === 'running' ? 'sync~spin' : call.state === 'completed' ? 'comment' : 'comment-unresolved');
      item.description = [call.state === 'running' ? call.phase : call.state, call.tokens === null ? '' : some(call.tokens.prompt + call.tokens.reply, 'token'), call.timings === null ? '' : duration(call.timings.totalMs)].filter((part) => part !== '').join(' · ');
      item.tooltip = `${call.model} on ${call.host}${call.error === null ? '' : `\n${call.error}`}`;
      return item;
    }
    case 'tool': {
      const { tool } = entry;
      const item = new vscode.TreeItem(tool.tool.replaceAll('_', ' '));
      item.iconPath = new vscode.ThemeIcon(tool.decision === 'denied' ? 'circle-slash' : tool.ok ? 'tools' : 'warning');
      item.description = `${tool.decision} · ${tool.rule} · ${duration(tool.durationMs)}${tool.cached ? ' · cached' : ''}`;
      item.tooltip = `${tool.tool}: ${tool.decision} by ${tool.rule}\n${short(JSON.stringify(tool.arguments) ?? '', 300)}\n\n${short(tool.result, 500)}`;
      item.command = { title: 'Show Text', command: 'groundcrew.showText', arguments: [textUri(run.id, 'tool', tool.call).toString()] };
      return item;
    }
    case 'message': {
      const { message } = entry;
      const item = new vscode.TreeItem(`${message.sender} → ${message.receiver}`);
      item.iconPath = new vscode.ThemeIcon('mail');
      item.description = `${message.intent} · ${short(message.body, 80)}`;
      item.tooltip = message.body;
      item.command = { title: 'Show Text', command: 'groundcrew.showText', arguments: [textUri(run.id, 'message', message.id).toString()] };
      return item;
    }
    case 'check': {
      const { check } = entry;
      const item = new vscode.TreeItem(check.purpose);
      item.iconPath = new vscode.ThemeIcon('beaker', new vscode.ThemeColor(check.outcome.passed ? 'testing.iconPassed' : 'testing.iconFailed'));
      item.description = `${check.outcome.passed ? 'passed' : 'failed'} · ${duration(check.outcome.durationMs)} · ${short(commandLine(check.check.argv), 60)}`;
      item.tooltip = short(check.outcome.failure, 600);
      item.command = { title: 'Show Text', command: 'groundcrew.showText', arguments: [textUri(run.id, 'check', check.key).toString()] };
      return item;
    }
  }
}

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
