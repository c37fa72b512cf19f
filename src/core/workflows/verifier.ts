/** Decides how a check becomes evidence: run by the verifier's tools in the snapshot, read, logged, bound into a receipt. */
import type { Check, CheckOutcome } from '../domain/check.ts';
import type { Emit, RunEvent } from '../domain/event.ts';
import type { Finished } from '../run/resume.ts';
import type { Redact } from '../tools/secrets.ts';
import type { Patch, TextFile } from '../domain/patch.ts';
import type { Receipt } from '../domain/receipt.ts';
import type { CommandResult, Hashing, ProcessLimits } from '../ports.ts';
import { prepareCheck } from '../checks/prepare.ts';
import { readCoverage } from '../checks/coverage.ts';
import { readOutcome } from '../checks/outcome.ts';
import type { Coverage } from '../checks/coverage.ts';
import { runCheck } from '../tools/runCheck.ts';
import { takeSnapshot } from '../tools/takeSnapshot.ts';
import type { Toolbox } from '../tools/toolbox.ts';

export interface VerifyRequest {
  readonly check: Check;
  /** undefined: the base tree. */
  readonly patch?: Patch;
  /** Versions that the patch was made from, for their encodings. */
  readonly base?: ReadonlyMap<string, TextFile>;
  readonly purpose: string;
  readonly candidate?: string;
  readonly wallMs: number;
  readonly operands?: boolean;
  readonly coverage?: boolean;
  /** Runs again although an equal check has finished: to see whether it flips. */
  readonly again?: number;
  /** One of many candidates: logged only when it passes. */
  readonly quiet?: boolean;
}

export interface Verified {
  readonly outcome: CheckOutcome;
  readonly receipt: Receipt | undefined;
  readonly coverage: Coverage | undefined;
}

export interface Verifier {
  /** An equal check (tree, patch, argv, flags) that finished in this run, before a crash too, is not run again. */
  verify(request: VerifyRequest, signal: AbortSignal): Promise<Verified>;
  /** Hash of the tree that checks run on. */
  tree(signal: AbortSignal): Promise<string>;
  /** Adds a file of ours (a reproduction) to the tree that every later check sees; the user's tree never has it. */
  support(file: { readonly path: string; readonly text: string }): void;
  /** Takes such a file away again. */
  withdraw(path: string): void;
  /** What `support` added, for commands that code runs beside `verify`. */
  readonly supporting: readonly { readonly path: string; readonly text: string; readonly encoding: 'utf8'; readonly bom: false }[];
  /** The tree has changed: what finished before says nothing about it. */
  forgetTree(): void;
}

/** Silence of a check that is taken for a hang: a compiler may say nothing for so long. */
const SILENCE_SHARE = 0.75;
export const checkLimits = (wallMs: number): ProcessLimits => ({
  wallMs,
  silenceMs: Math.max(5_000, wallMs * SILENCE_SHARE),
  outputBytes: 100 * 1024 * 1024,
  memoryBytes: 4 * 1024 ** 3,
  processes: 512,
});

export interface VerifierParts {
  readonly toolbox: Toolbox;
  readonly emit: Emit;
  readonly hashing: Hashing;
  readonly root: string;
  /** Paths of the workspace: frames and missing modules are told from outside ones by them. */
  readonly known: readonly string[];
  readonly confined: boolean;
  readonly redact: Redact;
  readonly recordReceipt: (facts: Omit<Receipt, 'id' | 'previous' | 'hash' | 'run' | 'at'>) => Promise<Receipt>;
  /** What an earlier process of this run has finished. */
  readonly finished: Pick<Finished, 'check'>;
  readonly receipts: ReadonlyMap<string, Receipt>;
}

export function createVerifier(parts: VerifierParts): Verifier {
  const finished = new Map<string, Extract<RunEvent, { type: 'check.finished' }>['data']>();
  const receipts = new Map(parts.receipts);
  const tree = async (signal: AbortSignal): Promise<string> => (await parts.toolbox.call(takeSnapshot, {}, signal)).treeSha256;
  const supporting: { path: string; text: string; encoding: 'utf8'; bom: false }[] = [];
  let treeSha256: string | undefined;

  async function verify(request: VerifyRequest, signal: AbortSignal): Promise<Verified> {
    treeSha256 ??= await tree(signal);
    const key = checkKey(parts.hashing, request, `${treeSha256}${supporting.map((file) => file.text).join('\0')}`);
    const before = finished.get(key) ?? parts.finished.check(key);
    if (before !== undefined) return { outcome: before.outcome, receipt: receipts.get(before.receipt ?? ''), coverage: toCoverage(before.coverage) };

    const result = await run(parts, request, supporting, signal);
    signal.throwIfAborted();
    const outcome = readOutcome(request.check, result, parts.root, parts.known);
    if (request.quiet === true && !outcome.passed) return { outcome, receipt: undefined, coverage: undefined };
    const coverage = request.coverage === true ? readCoverage(request.check, result, parts.root, parts.known) : undefined;
    const receipt = await parts.recordReceipt({
      tree: treeSha256,
      patch: request.patch === undefined ? null : patchHash(parts.hashing, request.patch),
      argv: [...request.check.argv],
      cwd: request.check.cwd,
      environment: result.environmentSha256,
      exit: result.exit,
      passed: outcome.passed,
      log: result.outputSha256,
      confined: result.confined,
      durationMs: result.durationMs,
    });
    const event = {
      key,
      check: request.check,
      purpose: request.purpose,
      candidate: request.candidate ?? null,
      outcome,
      output: parts.redact(joinOutput(result)),
      receipt: receipt.id,
      ...(coverage === undefined ? {} : { coverage: Object.fromEntries([...coverage].map(([path, lines]) => [path, [...lines]])) }),
    };
    finished.set(key, event);
    receipts.set(receipt.id, receipt);
    parts.emit('check.finished', event);
    return { outcome, receipt, coverage };
  }

  return {
    verify,
    supporting,
    support(file) {
      const at = supporting.findIndex((other) => other.path === file.path);
      if (at >= 0) supporting.splice(at, 1);
      supporting.push({ ...file, encoding: 'utf8', bom: false });
    },
    withdraw(path) {
      const at = supporting.findIndex((other) => other.path === path);
      if (at >= 0) supporting.splice(at, 1);
    },
    async tree(signal) {
      treeSha256 ??= await tree(signal);
      return treeSha256;
    },
    forgetTree() {
      treeSha256 = undefined;
    },
  };
}

async function run(parts: VerifierParts, request: VerifyRequest, supporting: Verifier['supporting'], signal: AbortSignal): Promise<CommandResult> {
  const prepared = prepareCheck(request.check, { operands: request.operands ?? false, coverage: request.coverage ?? false });
  return await parts.toolbox.call(
    runCheck,
    {
      check: { ...request.check, argv: [...request.check.argv] },
      argv: [...prepared.argv],
      env: { ...prepared.env },
      kit: { ...prepared.kit },
      collect: [...prepared.collect],
      overlay: [...supporting, ...toOverlay(request.patch, request.base)],
      limits: checkLimits(request.wallMs),
      confined: parts.confined,
    },
    signal,
  );
}

export function toOverlay(patch: Patch | undefined, base: ReadonlyMap<string, TextFile> | undefined): { path: string; text: string | null; encoding: 'utf8' | 'latin1'; bom: boolean }[] {
  return (patch?.edits ?? []).map((edit) => {
    const file = base?.get(edit.path);
    return { path: edit.path, text: edit.text, encoding: file?.encoding ?? 'utf8', bom: file?.bom ?? false };
  });
}

export function patchHash(hashing: Hashing, patch: Patch): string {
  return hashing.sha256(JSON.stringify(patch.edits.map((edit) => [edit.path, edit.baseSha256, edit.text])));
}

function checkKey(hashing: Hashing, request: VerifyRequest, tree: string): string {
  const { check, patch } = request;
  return hashing.sha256(
    JSON.stringify([tree, check.argv, check.cwd, check.definedBy, patch === undefined ? null : patchHash(hashing, patch), request.operands === true, request.coverage === true, request.again ?? 0]),
  );
}

function toCoverage(stored: Readonly<Record<string, readonly number[]>> | undefined): Coverage | undefined {
  return stored === undefined ? undefined : new Map(Object.entries(stored).map(([path, lines]) => [path, new Set(lines)]));
}

function joinOutput(result: CommandResult): string {
  return [result.stdout, result.stderr].filter((part) => part.trim() !== '').join('\n');
}
