/** Decides what a user can set, where each setting may be set, and what a run makes of it. package.json is written from this. */
import * as z from 'zod';
import { RunSettings } from '../core/domain/settings.ts';

/** Machine: only in the user's own settings, never by a workspace. Machine-overridable: a trusted workspace may. */
type Scope = 'machine' | 'machine-overridable' | 'resource' | 'window';
const scope = (name: Scope): { readonly scope: Scope } => ({ scope: name });

export const Settings = z.object({
  'ollama.hosts': z.array(z.string()).default([]).describe('Ollama servers in order of preference, such as `http://127.0.0.1:11434`. Empty: `OLLAMA_HOST`, else this machine.').meta(scope('machine')),
  'models.default': z.string().default('').describe('Model that the crew works with. Empty: the best installed one that fits into memory.').meta(scope('machine-overridable')),
  'models.planner': z.string().default('').describe('Model of the planner. Empty: the one of the whole crew.').meta(scope('machine-overridable')),
  'models.coder': z.string().default('').describe('Model of the coder. Empty: the one of the whole crew.').meta(scope('machine-overridable')),
  'models.reviewer': z.string().default('').describe('Model of the reviewer. Empty: the one of the whole crew.').meta(scope('machine-overridable')),
  'models.verifier': z.string().default('').describe('Model of the verifier. Empty: the one of the whole crew.').meta(scope('machine-overridable')),
  'models.judge': z.string().default('').describe('Model of the judge. Empty: the one of the whole crew.').meta(scope('machine-overridable')),
  'verify.command': z.string().default('').describe('Command that shows the bug and proves the fix, such as `npm test`. Empty: found by the crew.').meta(scope('machine-overridable')),
  'approvals.policy': z.enum(['ask', 'safe', 'never']).default('ask').describe('What happens when the crew wants to do something that needs a yes.').meta({ ...scope('machine-overridable'), enumDescriptions: ['Ask each time that no earlier approval covers it.', 'Run checks of the project in the sandbox without asking; ask about the rest.', 'Never ask: what needs a yes is refused.'] }),
  'humanInput': z.enum(['writes', 'apply', 'autonomous']).default('apply').describe('When the crew waits for you.').meta({ ...scope('machine-overridable'), enumDescriptions: ['As below, and each file that is written or deleted is asked about too.', 'A verified change is shown first and written when you say so.', 'A verified change is written at once; Undo Run takes it back.'] }),
  'plan.first': z.boolean().default(false).describe('The crew plans before it searches, and shows the plan as a checklist that you can edit before anything of it runs.').meta(scope('machine-overridable')),
  'checks.unconfined': z.boolean().default(false).describe('Run checks without a sandbox, with all your rights. For machines that have none.').meta(scope('machine')),
  'budget.minutes': z.number().min(0.1).max(1_440).default(15).describe('Wall time of one run.').meta(scope('machine-overridable')),
  'budget.tokens': z.int().min(0).default(200_000).describe('Tokens of one run, read and written together.').meta(scope('machine-overridable')),
  'review.onSave': z.boolean().default(false).describe('Read each saved file with the reviewer, a moment after the last save: first rules, then one call to the model for what changed. It gives way to every run.').meta(scope('resource')),
  'review.minSeverity': z.enum(['error', 'warning', 'info']).default('info').describe('Findings below this are not shown.').meta({ ...scope('resource'), enumDescriptions: ['Only what a run has shown to go wrong.', 'Errors and warnings.', 'Everything.'] }),
  'review.maxFindings': z.int().min(1).max(50).default(5).describe('Findings that are shown of one file, the gravest first.').meta(scope('resource')),
});
export type Settings = z.infer<typeof Settings>;
export type SettingName = keyof Settings;

/** What a workspace that is not trusted may not set. */
export const RESTRICTED: readonly SettingName[] = ['models.default', 'models.planner', 'models.coder', 'models.reviewer', 'models.verifier', 'models.judge', 'verify.command', 'approvals.policy', 'humanInput', 'plan.first', 'budget.minutes', 'budget.tokens', 'review.onSave'];

export class SettingInvalid extends Error {
  override readonly name = 'SettingInvalid';
}

/** `get` returns what the editor has for a name, or undefined. @throws SettingInvalid naming the setting and its value. */
export function parseSettings(get: (name: SettingName) => unknown): Settings {
  const names = Object.keys(Settings.shape) as SettingName[]; // exactly these keys; Object.keys cannot say so
  const parsed = Settings.safeParse(Object.fromEntries(names.map((name) => [name, get(name)])));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = names.find((each) => each === issue?.path[0]);
  throw new SettingInvalid(`The setting groundcrew.${name ?? ''} is ${name === undefined ? 'wrong' : JSON.stringify(get(name))}: ${issue?.message ?? 'it does not fit'}. Change it in the settings.`);
}

export function runSettings(settings: Settings): RunSettings {
  return RunSettings.parse({
    approve: settings['approvals.policy'],
    apply: settings['humanInput'] === 'autonomous' ? 'yes' : 'ask',
    unconfined: settings['checks.unconfined'],
    planFirst: settings['plan.first'],
    budgetMs: Math.round(settings['budget.minutes'] * 60_000),
    budgetTokens: settings['budget.tokens'],
  });
}
