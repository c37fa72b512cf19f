/** Decides what every step of a workflow is given: one record, made once per run by the crew. */
import type { Emit, FixRequest } from '../domain/event.ts';
import type { Message } from '../domain/message.ts';
import type { TextFile } from '../domain/patch.ts';
import type { Role } from '../domain/role.ts';
import type { RunSettings } from '../domain/settings.ts';
import type { ChatModel } from '../model/chatModel.ts';
import type { Clock, Hashing, Ids, Syntax } from '../ports.ts';
import type { Project } from '../checks/project.ts';
import type { RunView } from '../run/view.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import type { ApplyParts } from './apply.ts';
import type { EditPlan } from './ownPlan.ts';
import type { Verifier } from './verifier.ts';

/** To an offered change. `texts`: instead of it, the person's own version of some of its files, whole; null: deleted. */
export type Word = 'yes' | 'no' | 'nobody' | { readonly texts: ReadonlyMap<string, string | null> };

export interface RunContext {
  readonly run: string;
  readonly request: FixRequest;
  readonly settings: RunSettings;
  readonly emit: Emit;
  /** The fold of the run's events so far. */
  readonly view: () => RunView;
  readonly tools: (role: Role) => Toolbox;
  /** For one turn of a role's model: what it called before is forgotten, so that circles are seen per turn. */
  readonly turnTools: (role: Role) => Toolbox;
  /** What `from` has read goes along with what it says to `to`. */
  readonly handOver: (from: Role, to: Role) => void;
  /** undefined: none can be had, and `degraded` says why. */
  readonly model: ChatModel | undefined;
  readonly project: Project;
  /** Files that differ from the last commit when the run began; empty without git. */
  readonly changed: readonly string[];
  readonly verifier: Verifier;
  /** Files as they were when a candidate first touched them. */
  readonly base: Map<string, TextFile>;
  /** Checks run in the sandbox. */
  readonly confined: boolean;
  /** Files that the coder may write from now on: the plan's, or the suspects'. */
  readonly allowWrites: (globs: readonly string[]) => void;
  /** What the saga needs to write and to take back. */
  readonly applying: ApplyParts;
  /** Checks from now on see the tree as it is now. */
  readonly renewSnapshot: () => Promise<void>;
  /** Asks the person who started the run. */
  readonly confirm: (question: string, signal: AbortSignal) => Promise<Word>;
  /** Shows a plan before anything of it runs; left out: it runs as it is. */
  readonly editPlan?: EditPlan;
  readonly syntax: Syntax;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hashing: Hashing;
}

/** Says something from one role to another; returns the message's id for replies. */
export function send(
  context: Pick<RunContext, 'emit' | 'ids' | 'run' | 'handOver'>,
  message: Pick<Message, 'sender' | 'receiver' | 'intent' | 'body'> & Partial<Pick<Message, 'type' | 'expects' | 'replyTo' | 'priority'>>,
): string {
  const id = context.ids.next('msg');
  context.handOver(message.sender, message.receiver);
  context.emit('message.sent', {
    id,
    type: message.type ?? 'notification',
    intent: message.intent,
    sender: message.sender,
    receiver: message.receiver,
    correlation: context.run,
    replyTo: message.replyTo ?? null,
    priority: message.priority ?? 'normal',
    expects: message.expects ?? 'nothing',
    expiresAt: null,
    body: message.body,
  });
  return id;
}
