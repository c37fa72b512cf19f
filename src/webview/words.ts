/** Decides the word and the icon for each state: both are always shown, never a colour alone. */
import type { Gate } from '../core/domain/candidate.ts';
import type { TaskState } from '../core/domain/plan.ts';
import type { Role } from '../core/domain/role.ts';
import type { RunState } from '../protocol/webview.ts';

export type IconName = 'check' | 'cross' | 'circle' | 'dot' | 'dash' | 'square' | 'bell' | 'eye' | 'pause' | 'star' | 'right' | 'down' | 'plus' | 'minus' | 'fit' | 'warning' | 'search' | 'file';
/** Of a node in the graph: a task's, or how far what was offered came. */
export type NodeState = TaskState | 'passed' | 'chosen' | 'fell';
/** Colours of the theme, by what they say. */
export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'soft';

export interface StateWords {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
}

export const RUN_STATES: Readonly<Record<RunState, StateWords>> = {
  'needs-you': { word: 'Needs you', icon: 'bell', tone: 'warn' },
  running: { word: 'Running', icon: 'dot', tone: 'busy' },
  ready: { word: 'Ready to review', icon: 'eye', tone: 'warn' },
  done: { word: 'Done', icon: 'check', tone: 'good' },
  failed: { word: 'Failed', icon: 'cross', tone: 'bad' },
  stopped: { word: 'Stopped', icon: 'square', tone: 'soft' },
  interrupted: { word: 'Interrupted', icon: 'pause', tone: 'warn' },
};

export const NODE_STATES: Readonly<Record<NodeState, StateWords>> = {
  waiting: { word: 'Waiting', icon: 'circle', tone: 'soft' },
  running: { word: 'Running', icon: 'dot', tone: 'busy' },
  done: { word: 'Done', icon: 'check', tone: 'good' },
  failed: { word: 'Failed', icon: 'cross', tone: 'bad' },
  skipped: { word: 'Skipped', icon: 'dash', tone: 'soft' },
  stopped: { word: 'Stopped', icon: 'square', tone: 'soft' },
  passed: { word: 'Passed', icon: 'check', tone: 'good' },
  chosen: { word: 'Chosen', icon: 'star', tone: 'good' },
  fell: { word: 'Fell', icon: 'cross', tone: 'soft' },
};

/** In order of cost, as candidates meet them. */
export const GATE_WORDS: Readonly<Record<Gate, string>> = {
  applies: 'does not apply',
  guards: 'breaks a guard',
  parses: 'does not parse',
  target: 'failing test still fails',
  types: 'does not type-check',
  affected: 'breaks an affected test',
  all: 'breaks another test',
  selection: 'another was better',
  review: 'refuted in review',
};
export const GATES = Object.keys(GATE_WORDS) as readonly Gate[]; // a Record's keys are its key type; Object.keys cannot say so

export const ROLE_WORDS: Readonly<Record<Role, string>> = { planner: 'Planner', coder: 'Coder', reviewer: 'Reviewer', verifier: 'Verifier', judge: 'Judge', orchestrator: 'Crew' };
export const SOURCE_WORDS = { mechanical: 'Small edits', cloze: 'Filled gaps', rewrite: 'Rewrites' } as const;
