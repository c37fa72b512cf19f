/** Decides what of a run is drawn as a graph: its tasks, what was offered for them, and which offer went on. All of it is in the log. */
import type { CandidateView, RunView, TaskView } from '../core/run/view.ts';
import type { LayoutNode } from './layout.ts';
import { type NodeState, ROLE_WORDS, SOURCE_WORDS } from './words.ts';

export interface GraphNode extends LayoutNode {
  readonly kind: 'task' | 'source' | 'candidate' | 'debate';
  /** Id in the log: of the task or candidate; the source's name. */
  readonly ref: string;
  readonly task: string | null;
  readonly title: string;
  readonly note: string;
  readonly state: NodeState;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** What the run went on with, once it chose. */
  readonly isKept: boolean;
}

export interface RunGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Below a task that writes there is room for its sources and, below them, for what survives. */
const CODER_LAYERS = 3;
/** Candidates that came through the failing test stand for themselves, so many at most; all others are a number in their source. */
const OWN_NODES_MAX = 6;

export function graphOf(view: RunView): RunGraph {
  const tasks = [...view.tasks.values()];
  const nodes: GraphNode[] = tasks.map((task) => taskNode(view, task));
  const edges: GraphEdge[] = tasks.flatMap(({ id, dependsOn }) => dependsOn.filter((other) => view.tasks.has(other)).map((other) => ({ from: `task ${other}`, to: `task ${id}`, isKept: false })));
  const own = [...view.candidates.values()].filter(hasSurvived).slice(0, OWN_NODES_MAX);
  const ownIds = new Set(own.map(({ id }) => id));
  for (const [id, members] of bySource(view)) nodes.push(sourceNode(id, members, view.tasks.get(members[0]?.task ?? '')?.state === 'running'));
  nodes.push(...own.map(candidateNode), ...debateNodes(view, ownIds));
  for (const node of nodes) if (node.kind !== 'task') edges.push(...node.after.filter(({ id }) => !id.startsWith('task ') || view.tasks.has(id.slice('task '.length))).map(({ id }) => ({ from: id, to: node.id, isKept: node.state === 'chosen' })));
  return { nodes, edges: [...edges, ...keptEdges(view, ownIds)] };
}

function taskNode(view: RunView, task: TaskView): GraphNode {
  return {
    id: `task ${task.id}`, kind: 'task', ref: task.id, task: task.id, title: task.title, state: task.state,
    note: `${ROLE_WORDS[task.role]}${task.attempts > 1 ? ` · ${task.attempts} attempts` : ''}${task.planned ? '' : ' · not in the plan'}`,
    after: task.dependsOn.map((id) => ({ id: `task ${id}`, layers: view.tasks.get(id)?.role === 'coder' ? CODER_LAYERS : 1 })),
  };
}

function bySource(view: RunView): ReadonlyMap<string, readonly CandidateView[]> {
  const found = new Map<string, CandidateView[]>();
  for (const candidate of view.candidates.values()) {
    const id = sourceId(candidate);
    const known = found.get(id);
    if (known === undefined) found.set(id, [candidate]);
    else known.push(candidate);
  }
  return found;
}

function sourceId({ source, task }: CandidateView): string {
  return `source ${source} ${task ?? ''}`;
}

function sourceNode(id: string, members: readonly CandidateView[], isAtWork: boolean): GraphNode {
  const [first] = members;
  const task = first?.task ?? null;
  const all = members.length;
  const passed = members.filter((member) => hasSurvived(member) && member.state !== 'failed').length;
  const fell = members.filter((member) => member.state === 'failed').length;
  return {
    id, kind: 'source', ref: first?.source ?? '', task, title: first === undefined ? '' : SOURCE_WORDS[first.source],
    note: passed > 0 ? `${passed} of ${all} passed` : fell > 0 ? `${fell} of ${all} fell` : `${all} offered`,
    state: members.some((member) => member.state === 'chosen') ? 'chosen' : passed > 0 ? 'passed' : isAtWork ? 'running' : 'fell',
    after: task === null ? [] : [{ id: `task ${task}`, layers: 1 }],
  };
}

function candidateNode(candidate: CandidateView): GraphNode {
  const fell = candidate.verdicts.findLast((verdict) => !verdict.passed);
  return {
    id: `candidate ${candidate.id}`, kind: 'candidate', ref: candidate.id, task: candidate.task, title: candidate.note,
    note: fell !== undefined ? `fell at ${fell.gate}` : `${candidate.verdicts.length} gates`,
    state: fell !== undefined ? 'fell' : candidate.state === 'chosen' ? 'chosen' : 'passed',
    after: [{ id: sourceId(candidate), layers: 1 }],
  };
}

/** One that was held stands below the candidates that it was about. */
function debateNodes(view: RunView, own: ReadonlySet<string>): readonly GraphNode[] {
  return view.debates.filter(({ state }) => state === 'held').map(({ id, question, sides, verdict, decidedBy }): GraphNode => ({
    id: `debate ${id}`, kind: 'debate', ref: id, task: null, title: `Debate: ${question}`, note: decidedBy === 'nobody' ? 'nobody' : `by ${decidedBy}`, state: verdict === null || verdict === 'inconclusive' ? 'skipped' : 'done',
    after: sides.flatMap(({ candidates }) => candidates.filter((candidate) => own.has(candidate)).slice(0, 1)).map((candidate) => ({ id: `candidate ${candidate}`, layers: 1 })),
  }));
}

/** The failing test passes with it: few come so far. */
function hasSurvived(candidate: CandidateView): boolean {
  return candidate.state === 'chosen' || candidate.verdicts.some(({ gate, passed }) => gate === 'target' && passed);
}

/** From the chosen candidate to the tasks that waited for it. */
function keptEdges(view: RunView, own: ReadonlySet<string>): readonly GraphEdge[] {
  const chosen = view.chosen === null ? undefined : view.candidates.get(view.chosen.candidate);
  if (chosen === undefined || chosen.task === null) return [];
  const from = own.has(chosen.id) ? `candidate ${chosen.id}` : sourceId(chosen);
  const task = chosen.task;
  return [...view.tasks.values()].filter(({ dependsOn }) => dependsOn.includes(task)).map(({ id }) => ({ from, to: `task ${id}`, isKept: true }));
}
