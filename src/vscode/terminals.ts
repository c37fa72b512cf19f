/** Decides what is remembered of a terminal: its last command with the end of its output, where the shell tells us. */
import * as vscode from 'vscode';

export interface TerminalRun {
  readonly command: string;
  readonly cwd: string | undefined;
  /** Without control codes. */
  readonly output: string;
  /** undefined: it runs, or the shell did not say. */
  readonly exit: number | undefined;
}

export interface Terminals extends vscode.Disposable {
  /** undefined: no shell integration, or nothing ran since this window has looked. */
  last(terminal: vscode.Terminal | undefined): TerminalRun | undefined;
  /** What is marked in the terminal; "" where nothing is, or it cannot be read. The clipboard is as before. */
  selected(): Promise<string>;
}

const OUTPUT_TAIL_CHARS = 64_000;

export function watchTerminals(clean: (text: string) => Promise<string>): Terminals {
  const runs = new WeakMap<vscode.Terminal, { command: string; cwd: string | undefined; output: string; exit: number | undefined }>();
  const collect = async (execution: vscode.TerminalShellExecution, run: { output: string }): Promise<void> => {
    for await (const part of execution.read()) run.output = (run.output + part).slice(-OUTPUT_TAIL_CHARS);
  };
  const listening = [
    vscode.window.onDidStartTerminalShellExecution(({ terminal, execution }) => {
      const run = { command: execution.commandLine.value, cwd: execution.cwd?.fsPath, output: '', exit: undefined };
      runs.set(terminal, run);
      void collect(execution, run).then(async () => {
        run.output = await clean(run.output);
      }, () => undefined); // the terminal was closed: what came is kept
    }),
    vscode.window.onDidEndTerminalShellExecution(({ terminal, execution, exitCode }) => {
      const run = runs.get(terminal);
      if (run === undefined) return;
      run.exit = exitCode;
      run.command = execution.commandLine.value || run.command; // the shell may know it only at the end
    }),
  ];
  return {
    last: (terminal) => (terminal === undefined ? undefined : runs.get(terminal)),
    async selected() {
      // The editor has no other way for an extension to read what is marked.
      const before = await readClipboard();
      await vscode.env.clipboard.writeText('');
      await vscode.commands.executeCommand('workbench.action.terminal.copySelection');
      const text = await readClipboard();
      await vscode.env.clipboard.writeText(before);
      return await clean(text);
    },
    dispose: () => vscode.Disposable.from(...listening).dispose(),
  };
}

async function readClipboard(): Promise<string> {
  try {
    return await vscode.env.clipboard.readText();
  } catch {
    return ''; // a browser that does not let it be read: then the last command's output serves
  }
}
