/** A registry on a workspace in memory, with answers prepared for its questions, for tests of the core. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { EventData } from '../../src/core/domain/event.ts';
import type { ApprovalAnswer, ApprovalRequest, Git, Syntax } from '../../src/core/ports.ts';
import { createToolBudget } from '../../src/core/tools/budget.ts';
import { fileTools } from '../../src/core/tools/files/fileTools.ts';
import { defaultGrants, } from '../../src/core/tools/grants.ts';
import type { RunPolicy } from '../../src/core/tools/policy.ts';
import { createRegistry } from '../../src/core/tools/registry.ts';
import type { RegistryParts } from '../../src/core/tools/registry.ts';
import { createRedactor } from '../../src/core/tools/secrets.ts';
import { createTaint } from '../../src/core/tools/taint.ts';
import type { Tool, ToolHost } from '../../src/core/tools/tool.ts';
import { ToolRefused } from '../../src/core/tools/toolbox.ts';
import { memoryWorkspace } from './memoryWorkspace.ts';

export const CANARY = 'canary0123456789abcdef';
export const never = new AbortController().signal;
export const page = { firstLine: 1, lineCount: 100 };

export interface Rigging {
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly tools?: readonly Tool[];
  readonly policy?: Partial<RunPolicy>;
  readonly answers?: readonly ApprovalAnswer[];
  readonly parts?: Partial<RegistryParts>;
}

/** A registry on a workspace in memory; `answers` are given to questions in order, then nobody is there. */
export function rig({ files = { 'src/a.js': 'const a = 1;\n', '.env': `KEY=${CANARY}\n`, 'package.json': '{"name":"x"}' }, links = {}, tools = [], policy = {}, answers = [], parts = {} }: Rigging = {}) {
  const workspace = memoryWorkspace(files, { links });
  const events: { readonly type: string; readonly data: unknown }[] = [];
  const asked: ApprovalRequest[] = [];
  const stored = new Map<string, string>();
  const reached: string[] = [];
  let ids = 0;
  let now = 0;
  const forbidden = <T extends object>(name: string): T =>
    new Proxy({} as T, { // a stand-in that notes every touch and has nothing to give
      get(_, member) {
        reached.push(`${name}.${String(member)}`);
        throw new Error(`${name} was touched`);
      },
    });
  const host: ToolHost = {
    files: workspace,
    git: forbidden<Git>('git'),
    syntax: forbidden<Syntax>('syntax'),
    async snapshot() {
      reached.push('snapshot');
      throw new Error('no snapshot here');
    },
  };
  const registry = createRegistry({
    tools: [...fileTools, ...tools],
    host,
    grants: defaultGrants,
    policy: () => ({ approve: 'ask', confinement: 'confined', writable: ['src/**'], allowTestEdits: false, applyApproved: false, ...policy }),
    approvals: {
      isStored: async (digest) => stored.has(digest),
      store: async (digest, what) => void stored.set(digest, what),
      async ask(request) {
        asked.push(request);
        return answers[asked.length - 1] ?? 'nobody';
      },
    },
    emit: (type, data) => void events.push({ type, data }),
    ids: {
      next(prefix) {
        ids += 1;
        return `${prefix}-${ids}`;
      },
    },
    hashing: { sha256: (data) => createHash('sha256').update(data).digest('hex') },
    taint: createTaint(),
    redact: createRedactor([CANARY]),
    clock: { now: () => now, elapsedMs: () => now, delay: async () => undefined },
    budget: createToolBudget(),
    labelOf: (path) => (path.startsWith('vendor/') ? 'X' : 'W'),
    ...parts,
  });
  const calls = () => events.filter((event) => event.type === 'tool.called').map((event) => event.data as EventData<'tool.called'>); // emitted under that type
  return {
    registry, workspace, events, asked, stored, reached, calls, host,
    tick(ms: number): void {
      now += ms;
    },
    byName: async (role: Parameters<typeof registry.as>[0], name: string, args: unknown) => await registry.as(role).callByName({ name, arguments: args, recovered: false }, never),
  };
}

/** The call is refused to code by this rule, with role and tool in the message, and nothing is touched. */
export async function refused(calling: Promise<unknown>, rule: string): Promise<ToolRefused> {
  let error: unknown;
  await calling.catch((caught: unknown) => {
    error = caught;
  });
  assert.ok(error instanceof ToolRefused, String(error));
  assert.equal(error.rule, rule);
  assert.match(error.message, new RegExp(`${error.role} may not call ${error.tool}: .*\\(rule: ${rule}\\)`, 's'));
  return error;
}

