/**
 * Decides what a host must give the core. Everything that touches disk, processes, network, time or chance is here;
 * only the tool registry calls Files, Processes, Git and Symbols, in a role's name.
 */
import type { TextFile } from './domain/patch.ts';
import type { Receipt } from './domain/receipt.ts';
import type { RunEvent } from './domain/event.ts';
import type { Language } from './domain/check.ts';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds from an arbitrary start, never backwards: for durations. */
  elapsedMs(): number;
  /** Resolves after `ms`; rejects with `signal.reason` when aborted. */
  delay(ms: number, signal: AbortSignal): Promise<void>;
}

export interface Ids {
  /** A new id, sortable by time, beginning with `prefix-`. */
  next(prefix: string): string;
}

export interface Hashing {
  /** Lower-case hex. Strings are hashed as UTF-8. */
  sha256(data: string | Uint8Array): string;
}

/** What the path broker found for a path that a role named. `real` differs from `path` where a link was followed. */
export type ResolvedPath =
  | { readonly kind: 'file' | 'folder' | 'absent'; readonly path: string; readonly real: string; readonly sizeBytes: number; /** Differs after any change of the file; absent when it changed too recently to tell. */ readonly version?: string }
  | { readonly kind: 'refused'; readonly rule: string; readonly reason: string };

/**
 * Every path is relative to the workspace root with forward slashes. Every method goes through the path broker.
 * `real`: what a permission was given for; refused when the path leads elsewhere by now.
 */
export interface Files {
  readonly root: string;
  resolve(path: string): Promise<ResolvedPath>;
  /** @throws FileRefused (domain/fileErrors.ts) when the broker refuses, the file is absent, binary, larger than 8 MB or not a regular file. */
  read(path: string, real?: string): Promise<TextFile>;
  /** Files that are not ignored, at most `max`, sorted; `truncated` tells that there are more. Tracked and untracked. */
  list(options: { readonly under: string; readonly max: number }, signal: AbortSignal): Promise<{ readonly paths: readonly string[]; readonly truncated: boolean }>;
  search(query: { readonly pattern: string; readonly under: string; readonly glob?: string; readonly max: number }, signal: AbortSignal): Promise<readonly { readonly path: string; readonly line: number; readonly text: string }[]>;
  /**
   * Writes atomically (design 05). Keeps mode, encoding and byte order mark of the base.
   * @throws FileChanged when the file's hash is not `baseSha256` (null: must not exist) at the moment of the rename.
   */
  write(edit: { readonly path: string; readonly baseSha256: string | null; readonly text: string; readonly encoding?: 'utf8' | 'latin1'; readonly bom?: boolean; readonly real?: string }): Promise<{ readonly sha256: string }>;
  /** @throws FileChanged when the hash differs. */
  remove(path: string, baseSha256: string, real?: string): Promise<void>;
  /** @throws FileChanged when `to` exists or the hash of `from` differs. */
  move(from: string, to: string, baseSha256: string, real?: { readonly from: string; readonly to: string }): Promise<void>;
}

/** Limits of one process tree; the tree is killed when one is passed. */
export interface ProcessLimits {
  readonly wallMs: number;
  /** No byte on either stream for so long. */
  readonly silenceMs: number;
  readonly outputBytes: number;
  readonly memoryBytes: number;
  readonly processes: number;
}

/** In `argv` and in values of `env`, each `$GROUNDCREW_KIT` and `$GROUNDCREW_OUT` stands for that folder's absolute path (forward slashes). */
export interface Command {
  readonly argv: readonly string[];
  /** Relative to the workspace root. */
  readonly cwd: string;
  /** Added to the sandbox's own clean environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Files that this command sees changed: path → text, null for deleted. Put back before the next command. */
  readonly overlay: readonly { readonly path: string; readonly text: string | null; readonly encoding?: 'utf8' | 'latin1'; readonly bom?: boolean }[];
  /** Our own helper files, read-only to the command: name → text, in the folder that `GROUNDCREW_KIT` names. */
  readonly kit: Readonly<Record<string, string>>;
  /** Files below `GROUNDCREW_OUT` (writable, empty before each command) to read back, each at most 32 MB. */
  readonly collect: readonly string[];
  readonly limits: ProcessLimits;
  /** Files named like secrets are not there, nor is the repository's folder: for commands that run unasked. */
  readonly hide?: 'secrets' | 'secrets-and-git';
  /** false only by the user's word (--unconfined, or an approval). */
  readonly confined: boolean;
  /** Each whole line of stdout as it comes, for workers that answer many candidates in one process. */
  readonly onLine?: (line: string) => void;
}

export interface CommandResult {
  /** `unstarted`: the executable is missing or the sandbox could not start; stderr says why. */
  readonly ended: 'exited' | 'signalled' | 'wall-limit' | 'silence-limit' | 'output-limit' | 'stopped' | 'unstarted';
  readonly exit: number | null;
  /** ANSI and OSC stripped; head and tail of at most 64 KB each when longer, with a line between that says so. */
  readonly stdout: string;
  readonly stderr: string;
  readonly outputSha256: string;
  readonly collected: Readonly<Record<string, string>>;
  readonly durationMs: number;
  readonly confined: boolean;
  /** Digest of resolved executable, sandbox profile and environment: for receipts and approvals. */
  readonly environmentSha256: string;
}

/** A disposable copy of the workspace, made once per run, in which every command of the run runs. */
export interface Snapshot extends AsyncDisposable {
  /** Hash of every file that was copied. */
  readonly treeSha256: string;
  /** Where the copy is kept as it was taken: for the host alone, to see what a command would mean there. */
  readonly place?: string;
  /** Files that were not copied: unreadable, or beyond 200 MB in all (ignored ones first). */
  readonly leftOut?: readonly string[];
  /** Commands at once, one per slot; more wait. An aborted signal kills the tree and gives ended `stopped`. */
  run(command: Command, signal: AbortSignal): Promise<CommandResult>;
}

export interface Processes {
  /** Whether the sandbox works here, tried once by running it. */
  confinement(): Promise<{ readonly kind: 'bubblewrap' | 'seatbelt' } | { readonly kind: 'none'; readonly reason: string; readonly remedy: string }>;
  snapshot(options: { readonly slots: number }, signal: AbortSignal): Promise<Snapshot>;
  /** Absolute path of `name` on the user's own PATH (ours and the workspace removed), or undefined. */
  which(name: string): Promise<string | undefined>;
}

export interface GitStatus {
  readonly branch: string | null;
  readonly head: string | null;
  readonly changed: readonly { readonly path: string; readonly state: 'added' | 'modified' | 'deleted' | 'renamed' | 'untracked' | 'conflicted' }[];
  /** Paths whose content runs through a filter (LFS): not compared. */
  readonly filtered: readonly string[];
}

/** The hardened recipe of design 05: nothing that the repository configures is ever executed. */
export interface Git {
  /** undefined: the workspace is not in a work tree (no git, bare). */
  status(signal: AbortSignal): Promise<GitStatus | undefined>;
  diff(options: { readonly ref?: string; readonly path?: string }, signal: AbortSignal): Promise<string>;
  log(options: { readonly max: number; readonly path?: string }, signal: AbortSignal): Promise<readonly { readonly id: string; readonly author: string; readonly at: string; readonly subject: string }[]>;
  show(options: { readonly ref: string; readonly path?: string }, signal: AbortSignal): Promise<string>;
  blame(path: string, signal: AbortSignal): Promise<string>;
  commit(options: { readonly message: string; readonly paths: readonly string[] }, signal: AbortSignal): Promise<{ readonly id: string }>;
  branch(name: string, signal: AbortSignal): Promise<void>;
}

/** A parsed file as plain data; offsets are UTF-16 indexes into the text, lines count from 1. */
export interface SyntaxNode {
  readonly type: string;
  /** Field name in the parent ("condition", "left"), or "". */
  readonly field: string;
  readonly named: boolean;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly endLine: number;
  readonly children: readonly SyntaxNode[];
}

export interface Syntax {
  languageOf(path: string): Language;
  /** undefined: no grammar for this file. `errors`: count of error and missing nodes. */
  parse(path: string, text: string): Promise<{ readonly root: SyntaxNode; readonly errors: number } | undefined>;
}

export interface ApprovalRequest {
  readonly id: string;
  readonly role: string;
  readonly tool: string;
  readonly what: string;
  readonly why: string;
  readonly rule: string;
  readonly digest: string;
  readonly risk: 'low' | 'medium' | 'high';
  readonly rememberable: boolean;
  /** The check that the command runs, as its project calls it; absent where it is no check. */
  readonly check?: readonly string[];
}
export type ApprovalAnswer = 'once' | 'run' | 'workspace' | 'refused' | 'nobody';

export interface Approvals {
  /** Stored for this workspace, not revoked, not older than 30 days. */
  isStored(digest: string): Promise<boolean>;
  store(digest: string, what: string): Promise<void>;
  /** `nobody`: no one is there to ask. */
  ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer>;
}

/** One lease per workspace; a stale epoch writes nothing. */
export interface Lease extends AsyncDisposable {
  readonly epoch: number;
}

export interface Store extends AsyncDisposable {
  /** @throws WorkspaceHeld naming pid, host and run of the holder. */
  lease(owner: { readonly pid: number; readonly run: string }): Promise<Lease>;
  /** Who holds the lease now; undefined: nobody, or somebody that has died. */
  holder(): Promise<{ readonly pid: number; readonly run: string; readonly host: string; readonly elsewhere: boolean } | undefined>;
  /** Appends in order. @throws StaleLease when `epoch` is no longer the newest. `durable`: on disk before it resolves. */
  append(epoch: number, events: readonly RunEvent[], durable: boolean): Promise<void>;
  /** Events of one run in order; unknown runs give none. */
  read(run: string): Promise<readonly RunEvent[]>;
  runs(max: number): Promise<readonly { readonly run: string; readonly startedAt: number; readonly first: RunEvent; readonly last: RunEvent }[]>;
  /** Result of an effect that is done, `intended` when only its intent is there, undefined when it was never begun. */
  effect(key: string): Promise<{ readonly state: 'done'; readonly result: unknown } | { readonly state: 'intended'; readonly intent: unknown } | undefined>;
  intend(epoch: number, key: string, run: string, intent: unknown): Promise<void>;
  finishEffect(epoch: number, key: string, result: unknown): Promise<void>;
  /** Newest receipt of the workspace, or undefined. */
  lastReceipt(): Promise<Receipt | undefined>;
  appendReceipt(epoch: number, receipt: Receipt): Promise<void>;
  /** Small content-addressed texts: pre-images. */
  putBlob(bytes: Uint8Array): Promise<string>;
  getBlob(sha256: string): Promise<Uint8Array | undefined>;
}
