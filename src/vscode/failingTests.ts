/** Decides which tests are known to fail, from the crew's own runs: nothing is run or searched for to find out. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { RunView } from '../core/run/view.ts';
import type { Run, Runs } from './runs.ts';

export interface FailingTest {
  readonly folder: string;
  /** Relative to the folder. */
  readonly path: string;
  readonly name: string;
  readonly line: number | undefined;
  readonly message: string;
  /** Command that showed it. */
  readonly argv: readonly string[];
}

export interface FailingTests extends vscode.Disposable {
  readonly onDidChange: vscode.Event<void>;
  /** Of one file, by its absolute path. */
  of(file: string): readonly FailingTest[];
}

/** Of a folder, newest: older ones say nothing about the code of today. */
const RUNS_LOOKED_AT = 8;
const SETTLE_MS = 200;

export function createFailingTests(runs: Runs): FailingTests {
  const changed = new vscode.EventEmitter<void>();
  let known: ReadonlyMap<string, readonly FailingTest[]> = new Map();
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    known = await gather(runs);
    changed.fire();
  };
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void look();
    }, SETTLE_MS);
  };
  const listening = runs.onDidChange((change) => {
    // What runs now is looked at when it ends: its events come by the hundred.
    if (change.kind === 'list' || (change.kind === 'run' && change.run.owner.kind !== 'here')) soon();
  });
  return {
    onDidChange: changed.event,
    of: (file) => known.get(file) ?? [],
    dispose() {
      clearTimeout(timer);
      vscode.Disposable.from(listening, changed).dispose();
    },
  };
}

async function gather(runs: Runs): Promise<ReadonlyMap<string, readonly FailingTest[]>> {
  const found = new Map<string, FailingTest>();
  for (const folder of new Set(runs.all.map((run) => run.folder))) {
    const newest = runs.all.filter((run) => run.folder === folder && run.request?.command === 'fix').slice(0, RUNS_LOOKED_AT);
    for (const run of newest.toReversed()) {
      const view = run.view ?? (await runs.load(run.id).catch(() => undefined)); // a log that cannot be read says nothing of tests
      if (view !== undefined) learn(found, run, view);
    }
  }
  const byFile = new Map<string, FailingTest[]>();
  for (const test of found.values()) {
    const file = path.join(test.folder, test.path);
    byFile.set(file, [...(byFile.get(file) ?? []), test]);
  }
  return byFile;
}

/** Checks of the unchanged code say what fails; a change that was written and proven takes its run's failures away. */
function learn(found: Map<string, FailingTest>, run: Run, view: RunView): void {
  const mine: string[] = [];
  for (const { check, outcome, candidate } of view.checks) {
    if (candidate !== null || outcome.environment !== undefined || check.origin === 'reproduction') continue;
    for (const test of outcome.tests ?? []) {
      if (test.path === undefined) continue;
      const key = `${run.folder}\0${test.path}\0${test.name}`;
      if (test.state === 'passed') found.delete(key);
      if (test.state !== 'failed') continue;
      mine.push(key);
      found.set(key, { folder: run.folder, path: test.path, name: test.name, line: test.line, message: test.message ?? '', argv: check.argv });
    }
  }
  const isFixed = view.outcome?.kind === 'fixed' && view.outcome.applied && view.undone.length === 0;
  if (isFixed) for (const key of mine) found.delete(key);
}

/** Line of the document on which the test stands now, from 0; undefined: it is no longer there. */
export function lineOf(lines: readonly string[], test: Pick<FailingTest, 'name' | 'line'>): number | undefined {
  const name = test.name.split(' > ').at(-1) ?? test.name;
  const said = (test.line ?? 1) - 1;
  if (lines[said]?.includes(name) === true) return said;
  const places = lines.flatMap((text, at) => (text.includes(name) ? [at] : []));
  return places.toSorted((a, b) => Math.abs(a - said) - Math.abs(b - said))[0];
}
