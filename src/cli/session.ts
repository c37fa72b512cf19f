/** Decides what every command that runs a crew shares: the host, a listener for its output, Ctrl+C, and the exit code. */
import { createCrew, type Crew } from '../core/crew.ts';
import type { Outcome } from '../core/domain/outcome.ts';
import { exitCode } from '../core/domain/outcome.ts';
import { createNodeHost, type NodeHost } from '../node/host.ts';
import type { Common } from './args.ts';
import { type Asker, createTerminalAsker, nobody } from './ask.ts';
import { type Console, createJsonConsole, createLineConsole, createLiveConsole, createQuietConsole, type Terminal } from './console.ts';
import { colourStyle, plainStyle } from './liveGraph.ts';
import { renderOutcome } from './summary.ts';

export class Stopped extends Error {
  override readonly name = 'Stopped';
  constructor(why = 'Stopped by Ctrl+C.') {
    super(why);
  }
}

export interface Session {
  readonly crew: Crew;
  readonly host: NodeHost;
  readonly console: Console;
  readonly signal: AbortSignal;
}

/** Opens everything, runs `work`, prints how it ended, closes everything. Resolves with the exit code. */
export async function withSession(common: Common, work: (session: Session) => Promise<{ readonly run: string; readonly outcome: Outcome }>): Promise<number> {
  const terminal = terminalOf(process.stdout);
  const console = consoleFor(common, terminal);
  const asker: Asker = process.stdin.isTTY && !common.json ? createTerminalAsker(console.pause) : nobody;
  const stop = new AbortController();
  const interrupt = (): void => (stop.signal.aborted ? process.exit(130) : stop.abort(new Stopped()));
  const readerGone = (): void => stop.abort(new Stopped('Stopped: the program that read the output has gone.'));
  process.stdout.once('error', readerGone);
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    await using host = await createNodeHost({ cwd: common.cwd, model: common.model, hosts: common.hosts, env: process.env, prompt: asker.approve, signal: stop.signal });
    const crew = createCrew({ ...host.ports, confirm: asker.confirm });
    const { run, outcome } = await work({ crew, host, console, signal: stop.signal });
    console.close();
    if (!common.json) terminal.write(common.quiet ? quietResult(outcome) : renderOutcome(outcome, run, terminal.colour ? colourStyle : plainStyle));
    return exitCode(outcome);
  } finally {
    console.close();
    process.stdout.off('error', readerGone);
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function consoleFor(common: Common, terminal: Terminal): Console {
  if (common.json) return createJsonConsole(terminal);
  if (common.quiet) return createQuietConsole();
  return terminal.isTTY ? createLiveConsole(terminal, Date.now) : createLineConsole(terminal);
}

function quietResult(outcome: Outcome): string {
  return outcome.patch ?? `${outcome.kind}: ${outcome.reason}\n`;
}

function terminalOf(stream: NodeJS.WriteStream): Terminal {
  const isTTY = stream.isTTY === true;
  return { isTTY, colour: isTTY && process.env['NO_COLOR'] === undefined, get columns() { return stream.columns ?? 100; }, write: (text) => void stream.write(text) };
}
