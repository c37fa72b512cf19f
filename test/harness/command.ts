/** Decides how a command of the harness ends: its own exit code, 130 when it was stopped, 2 when it could not go on. */

const STOPPED = 130;
const CANNOT = 2;

/** The signal aborts at Ctrl+C or a request to end; `main` then has the time to stop what it started. */
export async function runCommand(main: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));
  try {
    process.exitCode = await main(stop.signal);
  } catch (error) {
    console.error(stop.signal.aborted ? 'stopped' : error instanceof Error ? error.message : error);
    process.exitCode = stop.signal.aborted ? STOPPED : CANNOT;
  }
}
