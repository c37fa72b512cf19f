/** Decides every command: its title, where it stands and its key. package.json is written from this; each needs a handler to compile. */

export interface CommandSpec {
  readonly title: string;
  readonly icon?: string;
  /** When it can be used; greyed out otherwise. */
  readonly enablement?: string;
  /** Where it stands in the palette: always (left out), never, or when this holds. */
  readonly palette?: 'never' | string;
  readonly key?: { readonly key: string; readonly mac?: string; readonly when?: string };
  readonly menus?: readonly { readonly menu: Menu; readonly when?: string; readonly group?: string }[];
}

type Menu = 'view/title' | 'view/item/context' | 'editor/context' | 'editor/title' | 'testing/item/context' | 'testing/message/context' | 'terminal/context' | 'explorer/context' | 'scm/change/title' | 'scm/title' | 'scm/resourceState/context';

const RUNS_VIEW = 'view == groundcrew.runs';
/** `viewItem` of a row names what can be done with it, each word between blanks. */
const row = (word: string): string => `${RUNS_VIEW} && viewItem =~ /\\b${word}\\b/`;
const question = (word: string): string => `${row(word)} && viewItem =~ /\\bquestion\\b/`;
const inline = (when: string, order: number) => ({ menu: 'view/item/context', when, group: `inline@${order}` }) as const;
const context = (when: string, order: number) => ({ menu: 'view/item/context', when, group: `1_run@${order}` }) as const;
const SCM = 'scmProvider == groundcrew';
/** A file of an offered change, in which its parts can be decided and edited. */
const IN_OFFER = 'resourceScheme == groundcrew-change';
const IN_WHOLE = 'activeEditor == multiDiffEditor && groundcrew.ready';
const TRUSTED = 'isWorkspaceTrusted && workspaceFolderCount > 0';

export const commands = {
  'groundcrew.fixBug': {
    title: 'Fix This Bug', icon: '$(wrench)', enablement: TRUSTED,
    key: { key: 'ctrl+k g', mac: 'cmd+k g' },
    menus: [{ menu: 'view/title', when: RUNS_VIEW, group: 'navigation@1' }, { menu: 'editor/context', when: `resourceScheme == file && !editorHasSelection && ${TRUSTED}`, group: '1_modification@9' }],
  },
  'groundcrew.fixSelection': { title: 'Fix Selected Code', icon: '$(wrench)', enablement: TRUSTED, palette: 'editorHasSelection', menus: [{ menu: 'editor/context', when: `resourceScheme == file && editorHasSelection && ${TRUSTED}`, group: '1_modification@9' }] },
  'groundcrew.fixProblem': { title: 'Fix Problem at Cursor', enablement: TRUSTED, palette: 'editorIsOpen && resourceScheme == file' },
  'groundcrew.fixTest': {
    title: 'Fix Failing Test', icon: '$(wrench)', enablement: TRUSTED, palette: 'never',
    menus: [{ menu: 'testing/item/context', when: `testResultState =~ /failed|errored/ && ${TRUSTED}`, group: 'inline@9' }, { menu: 'testing/item/context', when: `testResultState =~ /failed|errored/ && ${TRUSTED}`, group: '1_fix@1' }, { menu: 'testing/message/context', when: TRUSTED, group: 'inline@9' }],
  },
  'groundcrew.fixTerminal': { title: 'Fix This Error', icon: '$(wrench)', enablement: TRUSTED, palette: 'terminalIsOpen', menus: [{ menu: 'terminal/context', when: `terminalTextSelected && ${TRUSTED}`, group: '0_groundcrew@1' }] },
  'groundcrew.reviewFile': { title: 'Review This File', icon: '$(eye)', enablement: TRUSTED, palette: 'editorIsOpen && resourceScheme == file', menus: [{ menu: 'editor/context', when: `resourceScheme == file && ${TRUSTED}`, group: '1_modification@10' }] },
  'groundcrew.reviewUncommitted': { title: 'Review Uncommitted Changes', icon: '$(eye)', enablement: TRUSTED },
  'groundcrew.stopRun': { title: 'Stop Run', icon: '$(debug-stop)', palette: 'groundcrew.running', menus: [inline(row('stop'), 1), context(row('stop'), 1)] },
  'groundcrew.resumeRun': { title: 'Resume Run', icon: '$(debug-continue)', enablement: TRUSTED, menus: [inline(row('resume'), 1), context(row('resume'), 1)] },
  'groundcrew.retryRun': { title: 'Try Again', icon: '$(refresh)', enablement: TRUSTED, palette: 'never', menus: [inline(row('retry'), 2), context(row('retry'), 2)] },
  'groundcrew.undoRun': { title: 'Undo Run', icon: '$(discard)', enablement: TRUSTED, menus: [inline(row('undo'), 3), context(row('undo'), 3)] },
  'groundcrew.openTrace': { title: 'Open Trace', icon: '$(list-tree)', menus: [inline(`${row('trace')} && !(viewItem =~ /\\blive\\b/)`, 4), context(row('trace'), 4)] },
  'groundcrew.exportHtml': { title: 'Export Trace as HTML', palette: 'isWorkspaceTrusted', menus: [{ menu: 'view/item/context', when: row('trace'), group: '2_export@1' }] },
  'groundcrew.exportJson': { title: 'Export Trace as JSON', palette: 'isWorkspaceTrusted', menus: [{ menu: 'view/item/context', when: row('trace'), group: '2_export@2' }] },
  'groundcrew.showRun': { title: 'Show in Live Run', icon: '$(eye)', palette: 'never', menus: [context(row('trace'), 5)] },
  'groundcrew.applyAll': { title: 'Apply All', icon: '$(check-all)', palette: 'groundcrew.ready', menus: [inline(question('apply'), 1), context(row('apply'), 1), { menu: 'scm/title', when: SCM, group: 'navigation@2' }, { menu: 'editor/title', when: IN_OFFER, group: 'navigation@1' }, { menu: 'editor/title', when: IN_WHOLE, group: 'navigation@1' }] },
  'groundcrew.discardRun': { title: 'Discard Run', icon: '$(trash)', palette: 'groundcrew.ready', menus: [inline(question('apply'), 2), context(row('apply'), 2), { menu: 'scm/title', when: SCM, group: 'navigation@3' }, { menu: 'editor/title', when: IN_OFFER, group: 'navigation@2' }, { menu: 'editor/title', when: IN_WHOLE, group: 'navigation@2' }] },
  'groundcrew.approveOnce': { title: 'Run Once', icon: '$(check)', palette: 'groundcrew.asking', menus: [inline(row('approve'), 1), context(row('approve'), 1)] },
  'groundcrew.approveForRun': { title: 'Allow for This Run', palette: 'groundcrew.asking', menus: [context(row('remember'), 2)] },
  'groundcrew.approveHere': { title: 'Always Allow Here', icon: '$(pass)', palette: 'groundcrew.asking', menus: [inline(row('remember'), 3), context(row('remember'), 3)] },
  'groundcrew.refuse': { title: 'Do Not Run', icon: '$(x)', palette: 'groundcrew.asking', menus: [inline(row('approve'), 4), context(row('approve'), 4)] },
  'groundcrew.reviewChanges': { title: 'Review Changes', icon: '$(diff-multiple)', menus: [inline(question('apply'), 0), context(row('apply'), 0), context(`${row('trace')} && !(viewItem =~ /\\bapply\\b/)`, 6), { menu: 'scm/title', when: SCM, group: 'navigation@1' }] },
  'groundcrew.acceptChange': { title: 'Accept Change', icon: '$(check)', palette: IN_OFFER, menus: [{ menu: 'scm/change/title', when: 'originalResourceScheme == groundcrew-taken', group: 'navigation@2' }, { menu: 'editor/context', when: IN_OFFER, group: '0_groundcrew@1' }] },
  'groundcrew.rejectChange': { title: 'Reject Change', icon: '$(discard)', palette: IN_OFFER, menus: [{ menu: 'scm/change/title', when: 'originalResourceScheme == groundcrew-taken', group: 'navigation@1' }, { menu: 'editor/context', when: IN_OFFER, group: '0_groundcrew@2' }] },
  'groundcrew.acceptFile': { title: 'Accept File', icon: '$(check)', palette: 'never', menus: [{ menu: 'scm/resourceState/context', when: SCM, group: 'inline@1' }] },
  'groundcrew.rejectFile': { title: 'Reject File', icon: '$(discard)', palette: 'never', menus: [{ menu: 'scm/resourceState/context', when: SCM, group: 'inline@2' }] },
  'groundcrew.compareVersions': { title: 'Compare Versions', palette: 'never', menus: [context(row('compare'), 7)] },
  'groundcrew.commitRun': { title: 'Commit Change', icon: '$(git-commit)', enablement: TRUSTED, palette: 'isWorkspaceTrusted', menus: [context(row('undo'), 4)] },
  'groundcrew.chooseModels': { title: 'Choose Models', icon: '$(circuit-board)', menus: [{ menu: 'view/title', when: RUNS_VIEW, group: '1_setup@1' }] },
  'groundcrew.downloadModel': { title: 'Download Model', icon: '$(cloud-download)' },
  'groundcrew.checkSetup': { title: 'Check Setup', icon: '$(checklist)', enablement: 'workspaceFolderCount > 0', menus: [{ menu: 'view/title', when: RUNS_VIEW, group: '1_setup@2' }] },
  'groundcrew.showGrants': { title: 'Show Grants', enablement: 'workspaceFolderCount > 0', menus: [{ menu: 'view/title', when: RUNS_VIEW, group: '1_setup@3' }] },
  'groundcrew.showApprovals': { title: 'Show Approvals', enablement: 'workspaceFolderCount > 0', menus: [{ menu: 'view/title', when: RUNS_VIEW, group: '1_setup@4' }] },
  'groundcrew.trySample': { title: 'Try on a Sample' },
  'groundcrew.getStarted': { title: 'Get Started' },
  'groundcrew.runPlan': { title: 'Run This Plan', icon: '$(run-all)', palette: 'groundcrew.plans', menus: [{ menu: 'editor/title', when: 'resourceScheme == untitled && resourcePath in groundcrew.plans', group: 'navigation@1' }] },
  'groundcrew.showText': { title: 'Show Text', palette: 'never' },
  'groundcrew.refreshRuns': { title: 'Refresh Runs', icon: '$(sync)', menus: [{ menu: 'view/title', when: RUNS_VIEW, group: '2_runs@1' }] },
  'groundcrew.showLog': { title: 'Show Log', icon: '$(output)', menus: [{ menu: 'view/title', when: RUNS_VIEW, group: '2_runs@2' }] },
} as const satisfies Readonly<Record<string, CommandSpec>>;

export type CommandId = keyof typeof commands;

/** One for every command: a missing one does not compile. Arguments are whatever a menu, a link or another extension gives. */
export type Handlers = { readonly [Id in CommandId]: (...args: readonly unknown[]) => Promise<void> | void };
