/** Decides nothing: the process of the product that one case is played on. It does what the keeper of the case orders, one thing at a time. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expand } from './expand.ts';
import { activate, HOST_DOORS, placeConfig, takeCheckpoint, whyClosed } from './playHost.ts';
import { playModel } from './playModel.ts';
import { digestOf, type Outcome, playTool, roleOf } from './playTool.ts';
import { type Answer, Order, type Played, type ToolCall } from './productMessages.ts';
import { forgeApproval, openSession, type Session, storeApproval } from './session.ts';

let session: Session | undefined;
let refusedToOpen: string | undefined;
let server = '';
let root = '';

process.on('message', (message) => {
  void obey(message).then((answer) => process.send?.(answer));
});

async function obey(message: unknown): Promise<Answer> {
  try {
    return await carryOut(Order.parse(message));
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

async function carryOut(order: Order): Promise<Answer> {
  switch (order.do) {
    case 'open': {
      ({ server, root } = order);
      if (order.later) return {};
      if (order.settings !== undefined) placeConfig(order.root, process.env['HOME'] ?? '', order.settings);
      try {
        session = await openSession(order.root, server);
      } catch (error) {
        if (order.settings === undefined) throw error;
        refusedToOpen = error instanceof Error ? error.message : String(error); // a product that does not start denies everything
      }
      return {};
    }
    case 'read':
      for (const path of order.paths) await playTool(opened(), { tool: 'fs.read', role: order.role, input: { path } }, { commandMs: undefined });
      return {};
    case 'taint':
      opened().opened.taint.raise(roleOf(order.role), order.label, order.source);
      return {};
    case 'approve': return await approve(order);
    case 'checkpoint': return { checkpoint: await takeCheckpoint(opened(), order.call) };
    case 'call': return await play(order);
    case 'label': return { label: session?.opened.taint.of(roleOf(order.role)) ?? 'X' };
    case 'close':
      await session?.[Symbol.asyncDispose]();
      return {};
  }
}

function opened(): Session {
  if (session === undefined) throw new Error(`The product is not open. ${refusedToOpen ?? ''}`);
  return session;
}

async function approve({ call, workspace, forged, commandMs }: Extract<Order, { do: 'approve' }>): Promise<Answer> {
  const here = opened();
  const digest = await digestOf(here, call, commandMs);
  if (digest === undefined) return {};
  if (forged) await forgeApproval(here, digest);
  else if (workspace === undefined) await storeApproval(here, digest);
  else {
    await using other = await openSession(workspace, server);
    const theirs = await digestOf(other, call, commandMs);
    if (theirs !== undefined) await storeApproval(other, theirs);
  }
  return {};
}

async function play({ call, commandMs, between, taskDone }: Extract<Order, { do: 'call' }>): Promise<Answer> {
  const nothing = { events: [], prompts: [] };
  if (call.tool === 'config.activate') {
    const started = performance.now();
    return { played: measured(await activate(root, server), { ...nothing, ms: performance.now() - started, grownKb: 0 }) };
  }
  if (session === undefined) return { played: measured({ decision: 'denied', shown: [refusedToOpen ?? ''] }, { ...nothing, ms: 0, grownKb: 0 }) };
  const input = expand(call.input);
  const asked: ToolCall = { ...call, input };
  const closed = whyClosed(call.tool, input);
  if (closed !== undefined) return { notRun: closed };
  const first = { events: session.events.length, asked: session.asked.length };
  const startKb = resetPeak();
  const started = performance.now();
  const door = Object.hasOwn(HOST_DOORS, call.tool) ? HOST_DOORS[call.tool] : undefined;
  const outcome = call.tool === 'model.output' ? await playModel(session, call.role, input) : door === undefined ? await playTool(session, asked, { commandMs, between }) : await door(session, asked, server, taskDone);
  const ms = performance.now() - started;
  const grownKb = status('VmHWM') - startKb;
  if (outcome === undefined) return { notRun: `the product has no tool for ${call.tool}` };
  const prompts = session.asked.slice(first.asked).map(({ what, why }) => `${what}\n${why}`);
  return { played: measured(outcome, { events: session.events.slice(first.events), prompts, ms, grownKb }) };
}

function measured(outcome: Outcome, { events, prompts, ms, grownKb }: { readonly events: readonly unknown[]; readonly prompts: readonly string[]; readonly ms: number; readonly grownKb: number }): Played {
  return {
    decision: outcome.decision, shown: [...outcome.shown], prompts: [...prompts], ms, grownKb, taskDone: outcome.taskDone ?? false, runsStarted: outcome.runsStarted ?? 0,
    output: (outcome.onlyShown === true ? outcome.shown : [...outcome.shown, ...prompts, ...events.flatMap(textsIn)]).join('\n'),
  };
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]) : [];
}

/** proc(5): 5 in clear_refs sets the peak back to what is resident now. */
function resetPeak(): number {
  writeFileSync('/proc/self/clear_refs', '5');
  return status('VmRSS');
}

function status(name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0);
}
