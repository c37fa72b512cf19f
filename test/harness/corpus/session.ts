/** Decides how the product stands for one case: its real host, registry, log and store on a real folder, and nobody to answer questions. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCrew, type Crew } from '../../../src/core/crew.ts';
import { RunSettings } from '../../../src/core/domain/settings.ts';
import type { FixRequest, RunEvent } from '../../../src/core/domain/event.ts';
import type { ApprovalRequest, Lease } from '../../../src/core/ports.ts';
import { type CrewPorts, type OpenedRun, openRun } from '../../../src/core/openRun.ts';
import { createRunLog, type RunLog } from '../../../src/core/run/log.ts';
import { finishedIn } from '../../../src/core/run/resume.ts';
import type { RunContext } from '../../../src/core/workflows/runContext.ts';
import { createApprovals } from '../../../src/node/approvals.ts';
import { createNodeHost, type NodeHost } from '../../../src/node/host.ts';

export interface Session extends AsyncDisposable {
  readonly root: string;
  readonly host: NodeHost;
  readonly ports: CrewPorts;
  readonly crew: Crew;
  readonly log: RunLog;
  readonly opened: OpenedRun;
  readonly context: RunContext;
  readonly events: readonly RunEvent[];
  readonly asked: readonly ApprovalRequest[];
  /** Bash that runs at the seam between the next permission and its effect; once. */
  between(script: string | undefined, at: 'read' | 'change'): void;
  /** Gives the lease back, so that another run can begin on the same store. */
  release(): Promise<void>;
}

export const REQUEST: FixRequest = { command: 'fix', words: '', test: null, file: null, line: null, paths: [] };
const stop = new AbortController();
/** Of one case: never aborted, the keeper ends the process instead. */
export const signal = stop.signal;

export async function openSession(root: string, server: string): Promise<Session> {
  const asked: ApprovalRequest[] = [];
  const events: RunEvent[] = [];
  let next: { readonly script: string; readonly at: 'read' | 'change' } | undefined;
  const interpose = (name: string): void => {
    if (next === undefined || !SEAMS[next.at].has(name)) return;
    const { script } = next;
    next = undefined;
    execFileSync('bash', ['-c', script], { cwd: root, stdio: 'ignore' });
  };
  const host = await createNodeHost({
    cwd: root, model: 'm', hosts: [server], env: process.env,
    prompt: async (request) => {
      asked.push(request);
      return 'nobody';
    },
  });
  const ports: CrewPorts = {
    ...host.ports,
    confirm: async () => 'nobody',
    files: withSeam(host.ports.files, interpose),
    git: withSeam(host.ports.git, interpose),
    processes: withSeam({ ...host.ports.processes, snapshot: async (options, until) => withSeam(await host.ports.processes.snapshot(options, until), interpose) }, interpose),
  };
  const run = ports.ids.next('run');
  const lease: Lease = await ports.store.lease({ pid: ports.pid, run });
  const log = createRunLog({ store: ports.store, lease, run, clock: ports.clock });
  const settings = RunSettings.parse({ approve: 'ask', apply: 'no' });
  log.emit('run.started', { request: REQUEST, workspace: ports.root, model: ports.modelName, settings, versions: {} });
  const opened = openRun(ports, log, { settings, request: REQUEST, purpose: 'fix' });
  const context = await opened.context(finishedIn(log.view), signal);
  // The plan covers everything: what then protects a path is its own rule and nothing else.
  context.allowWrites(['**']);
  log.subscribe((event) => void events.push(event));
  let isReleased = false;
  async function release(): Promise<void> {
    if (isReleased) return;
    isReleased = true;
    await log[Symbol.asyncDispose]();
    await lease[Symbol.asyncDispose]();
  }
  return {
    root: ports.root, host, ports, crew: createCrew(ports), log, opened, context, events, asked, release,
    between(script, at) {
      next = script === undefined ? undefined : { script, at };
    },
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      await release();
      await host[Symbol.asyncDispose]();
    },
  };
}

/** The same port; `interpose` hears of each call before it is made. */
function withSeam<T extends object>(port: T, interpose: (name: string) => void): T {
  return new Proxy(port, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function' || typeof name !== 'string' || !ALL_SEAMS.has(name)) return member;
      return (...args: readonly unknown[]): unknown => {
        interpose(name);
        return Reflect.apply(member, target, args);
      };
    },
  });
}

/** Reads have their seam at the read itself; a change reads first, to compare, and has it at the change. */
const SEAMS: Readonly<Record<'read' | 'change', ReadonlySet<string>>> = {
  read: new Set(['read', 'list', 'search', 'status', 'diff', 'log', 'show', 'blame', 'snapshot', 'run']),
  change: new Set(['write', 'remove', 'move', 'commit', 'branch', 'snapshot', 'run']),
};
const ALL_SEAMS = new Set([...SEAMS.read, ...SEAMS.change]);

/** Remembers a digest for the folder as its user would. */
export async function storeApproval(session: Session, digest: string): Promise<void> {
  await session.ports.approvals.store(digest, 'approved by the case');
}

/** The product's own file with everything but the key: signed with another one. */
export async function forgeApproval(session: Session, digest: string): Promise<void> {
  const folder = session.host.stateFolder;
  const file = join(folder, 'approvals.json');
  const key = join(folder, 'approvals.key');
  await session.ports.approvals.store('0'.repeat(64), 'so that a key and a file are there');
  const own = readFileSync(key);
  writeFileSync(key, randomBytes(own.length));
  await createApprovals({ folder, workspace: session.root, now: Date.now }).store(digest, 'forged');
  writeFileSync(key, own);
  if (!readFileSync(file, 'utf8').includes(digest)) throw new Error('The forged approval was not written: the case would be vacuous.');
}
