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
      configuration: { title: 'Groundcrew', properties: properties() },
    },
  };
}

const specs: Readonly<Record<string, CommandSpec>> = commands;

/** What an empty RUNS view says. */
const welcomes = [
  { view: 'groundcrew.runs', when: 'workspaceFolderCount == 0', contents: 'Open the folder of your project to fix a bug in it.\n[Open Folder](command:workbench.action.files.openFolder)' },
  { view: 'groundcrew.runs', when: 'workspaceFolderCount > 0 && !isWorkspaceTrusted', contents: 'This folder is not trusted. Fixing runs its tests, so the crew waits.\n[Manage Trust](command:workbench.trust.manage)' },
  { view: 'groundcrew.runs', when: `workspaceFolderCount > 0 && isWorkspaceTrusted && groundcrew.problem == ''`, contents: 'No runs yet. Select the code that is wrong, or describe the bug; the crew fixes it and proves it with your tests.\n[Fix This Bug](command:groundcrew.fixBug)' },
] as const;

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
