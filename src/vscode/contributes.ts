/** Decides what package.json tells the editor: written from commands.ts and settings.ts, and compared by a test. */
import * as z from 'zod';
import { type CommandSpec, commands } from './commands.ts';
import { RESTRICTED, Settings } from './settings.ts';

const CATEGORY = 'Groundcrew';

/** The fields of package.json that belong to the editor. */
export function editorManifest(): Readonly<Record<string, unknown>> {
  return {
    main: './dist/extension.js',
    icon: 'media/icon.png',
    extensionKind: ['workspace'],
    categories: ['AI', 'Debuggers', 'Testing'],
    // The lightbulb, the lens above a failing test and the offer to resume must be there before a view is opened.
    activationEvents: ['onStartupFinished', 'onWebviewPanel:groundcrew.trace'],
    capabilities: {
      virtualWorkspaces: { supported: false, description: 'The crew runs the tests of your project, so it needs the files on a disk.' },
      untrustedWorkspaces: { supported: 'limited', description: 'Fixing runs the commands of the project, so it waits until you trust the folder.', restrictedConfigurations: RESTRICTED.map((name) => `groundcrew.${name}`) },
    },
    contributes: {
      commands: Object.entries(specs).map(([command, { title, icon, enablement }]) => ({ command, title, category: CATEGORY, ...(icon === undefined ? {} : { icon }), ...(enablement === undefined ? {} : { enablement }) })),
      menus: menus(),
      keybindings: Object.entries(specs).flatMap(([command, { key }]) => (key === undefined ? [] : [{ command, ...key }])),
      viewsContainers: { activitybar: [{ id: 'groundcrew', title: 'Crew', icon: 'media/crew.svg' }] },
      views: {
        groundcrew: [
          { id: 'groundcrew.runs', name: 'Runs', icon: 'media/crew.svg', contextualTitle: 'Crew', size: 1 },
          { type: 'webview', id: 'groundcrew.live', name: 'Live Run', icon: 'media/crew.svg', contextualTitle: 'Crew', size: 3 },
        ],
      },
      viewsWelcome: welcomes,
      walkthroughs,
      configuration: { title: 'Groundcrew', properties: properties() },
    },
  };
}

const specs: Readonly<Record<string, CommandSpec>> = commands;

/** What an empty RUNS view says: the first thing that is missing, and what to do about it. */
const READY = `workspaceFolderCount > 0 && isWorkspaceTrusted && groundcrew.problem == ''`;
const START = '[Fix This Bug](command:groundcrew.fixBug)';
const welcomes = [
  { view: 'groundcrew.runs', when: 'workspaceFolderCount == 0', contents: 'Open the folder of your project to fix a bug in it, or try the crew on a small project with a bug.\n[Open Folder](command:workbench.action.files.openFolder)\n[Try on a Sample](command:groundcrew.trySample)' },
  { view: 'groundcrew.runs', when: 'workspaceFolderCount > 0 && !isWorkspaceTrusted', contents: 'This folder is not trusted. Fixing runs its tests, so the crew waits.\n[Manage Trust](command:workbench.trust.manage)' },
  { view: 'groundcrew.runs', when: `groundcrew.problem != ''`, contents: 'This editor cannot keep the log of a run, so none can start. The log says why.\n[Show Log](command:groundcrew.showLog)' },
  { view: 'groundcrew.runs', when: `${READY} && groundcrew.ollama == 'none'`, contents: `Ollama does not answer, so the crew has no model. Small slips are fixed without one; for the rest, install Ollama from [ollama.com](https://ollama.com) and start it.\n[Check Setup](command:groundcrew.checkSetup)\n${START}` },
  { view: 'groundcrew.runs', when: `${READY} && groundcrew.ollama == 'no-model'`, contents: `Ollama is there, but it has no model yet. Small slips are fixed without one.\n[Download Model](command:groundcrew.downloadModel)\n${START}` },
  { view: 'groundcrew.runs', when: `${READY} && groundcrew.ollama != 'none' && groundcrew.ollama != 'no-model'`, contents: `No runs yet. Select the code that is wrong, or describe the bug; the crew fixes it and proves it with your tests.\n${START}\nNew here? [Get started](command:groundcrew.getStarted).` },
] as const;

const walkthroughs = [{
  id: 'start', title: 'Fix a Bug with Groundcrew', description: 'From an empty machine to a change that your tests prove.',
  steps: [
    { id: 'ollama', title: 'Find Ollama', description: 'The crew works with models on your own machine.\n[Check Setup](command:groundcrew.checkSetup)', media: { markdown: 'media/walkthrough/ollama.md' }, completionEvents: [`onContext:groundcrew.ollama == 'ready' || groundcrew.ollama == 'no-model'`] },
    { id: 'model', title: 'Get a model', description: 'Choose one that fits into your memory.\n[Choose Models](command:groundcrew.chooseModels)\n[Download Model](command:groundcrew.downloadModel)', media: { markdown: 'media/walkthrough/model.md' }, completionEvents: [`onContext:groundcrew.ollama == 'ready'`] },
    { id: 'sample', title: 'Try it on a sample', description: 'A small project with one bug and a test that shows it.\n[Try on a Sample](command:groundcrew.trySample)', media: { markdown: 'media/walkthrough/sample.md' }, completionEvents: ['onCommand:groundcrew.trySample'] },
    { id: 'fix', title: 'Fix a bug of your own', description: 'From a test, a problem, a terminal, a selection, or a few words.\n[Fix This Bug](command:groundcrew.fixBug)', media: { markdown: 'media/walkthrough/fix.md' }, completionEvents: ['onCommand:groundcrew.fixBug', 'onCommand:groundcrew.fixTest', 'onCommand:groundcrew.fixProblem', 'onCommand:groundcrew.fixTerminal'] },
  ],
}] as const;

function menus(): Readonly<Record<string, readonly object[]>> {
  const palette = Object.entries(specs).flatMap(([command, spec]) => (spec.palette === undefined ? [] : [{ command, when: spec.palette === 'never' ? 'false' : spec.palette }]));
  const placed: Record<string, object[]> = {};
  for (const [command, { menus: places = [] }] of Object.entries(specs)) {
    for (const { menu, ...where } of places) placed[menu] = [...(placed[menu] ?? []), { command, ...where }];
  }
  return { commandPalette: palette, ...placed };
}

/** The JSON schema of each setting, with its default, as the settings editor shows it. */
function properties(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(Settings, { io: 'input' });
  return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, property]) => {
    if (typeof property !== 'object') return [`groundcrew.${name}`, property];
    const { description, ...rest } = property;
    return [`groundcrew.${name}`, { ...rest, markdownDescription: description }];
  }));
}
