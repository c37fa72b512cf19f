/** Decides where Fix This Bug can begin besides the palette: a problem's lightbulb, a failing test, a selection, a terminal. */
import * as vscode from 'vscode';
import { short } from '../core/trace/text.ts';
import type { Handlers } from './commands.ts';
import { createFailingTests, type FailingTest, lineOf } from './failingTests.ts';
import type { Runs } from './runs.ts';
import { watchTerminals } from './terminals.ts';

type EntryCommand = 'groundcrew.fixSelection' | 'groundcrew.fixProblem' | 'groundcrew.fixTest' | 'groundcrew.fixTerminal';

export interface EntryPoints extends vscode.Disposable {
  readonly handlers: Pick<Handlers, EntryCommand>;
}

const FILES: vscode.DocumentSelector = { scheme: 'file' };
const PROBLEMS_MAX = 3;
const TITLE_CHARS_MAX = 60;
const TEST_TOOL_MS = 3_000;
const TEST_TOOLS = ['testFailure', 'copilot_testFailure'];

export function createEntryPoints(runs: Runs): EntryPoints {
  const evidence = async (): Promise<typeof import('./evidence.ts')> => await import('./evidence.ts');
  const tests = createFailingTests(runs);
  const terminals = watchTerminals(async (text) => (await import('../node/capture.ts')).stripEscapes(text));
  const registered = [
    vscode.languages.registerCodeActionsProvider(FILES, { provideCodeActions }, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
    vscode.languages.registerCodeLensProvider(FILES, { onDidChangeCodeLenses: tests.onDidChange, provideCodeLenses: (document) => lensesOf(document, tests.of(document.uri.fsPath)) }),
  ];
  return {
    handlers: {
      'groundcrew.fixSelection': async () => {
        const editor = vscode.window.activeTextEditor;
        if (editor === undefined || editor.selection.isEmpty) return await fix();
        await fix((await evidence()).fromSelection(editor.document, editor.selection));
      },
      'groundcrew.fixProblem': async (uri, diagnostic) => {
        const problem = uri instanceof vscode.Uri && diagnostic instanceof vscode.Diagnostic ? { uri, diagnostic } : problemAtCursor();
        if (problem === undefined) throw new Error('No problem is marked where the cursor stands. Put it on one that is underlined, or describe the bug with Fix This Bug.');
        await fix((await evidence()).fromDiagnostic(problem.uri, problem.diagnostic));
      },
      'groundcrew.fixTest': async (target) => {
        const { fromFailingTest, fromTestItem } = await evidence();
        if (isFailingTest(target)) return await fix(fromFailingTest(target));
        const { item, said } = testOf(target);
        if (item === undefined) throw new Error('Choose a failed test in the Testing view, or describe the bug with Fix This Bug.');
        const known = item.uri === undefined ? undefined : tests.of(item.uri.fsPath).find(({ name }) => name.split(' > ').at(-1) === item.label);
        await fix(fromTestItem(item, said || (known?.message ?? '') || (await askTestTool(item.label))));
      },
      'groundcrew.fixTerminal': async (target) => {
        const terminal = terminalOf(target) ?? vscode.window.activeTerminal;
        const selected = await terminals.selected();
        await fix((await evidence()).fromTerminal(selected, terminals.last(terminal)));
      },
    },
    dispose: () => vscode.Disposable.from(tests, terminals, ...registered).dispose(),
  };
}

async function fix(asked?: unknown): Promise<void> {
  await vscode.commands.executeCommand('groundcrew.fixBug', asked);
}

/** Offers only; a model is asked when the person takes it. */
function provideCodeActions(document: vscode.TextDocument, _range: vscode.Range, { diagnostics }: vscode.CodeActionContext): vscode.CodeAction[] {
  const problems = diagnostics.filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning).slice(0, PROBLEMS_MAX);
  return problems.map((diagnostic) => {
    const action = new vscode.CodeAction(problems.length === 1 ? 'Fix with Groundcrew' : `Fix with Groundcrew: ${short(diagnostic.message, TITLE_CHARS_MAX)}`, vscode.CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.command = { title: action.title, command: 'groundcrew.fixProblem', arguments: [document.uri, diagnostic] };
    return action;
  });
}

function lensesOf(document: vscode.TextDocument, failing: readonly FailingTest[]): vscode.CodeLens[] {
  if (failing.length === 0) return [];
  const lines = document.getText().split('\n');
  return failing.flatMap((test) => {
    const line = lineOf(lines, test);
    if (line === undefined) return [];
    return [new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title: '$(wrench) Fix This Bug', tooltip: short(test.message || 'It failed when the crew last ran it.', 300), command: 'groundcrew.fixTest', arguments: [test] })];
  });
}

function problemAtCursor(): { readonly uri: vscode.Uri; readonly diagnostic: vscode.Diagnostic } | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { uri } = editor.document;
  const diagnostic = vscode.languages.getDiagnostics(uri).filter(({ range }) => range.intersection(editor.selection) !== undefined).toSorted((a, b) => a.severity - b.severity)[0];
  return diagnostic === undefined ? undefined : { uri, diagnostic };
}

function isFailingTest(value: unknown): value is FailingTest {
  return typeof value === 'object' && value !== null && 'argv' in value && Array.isArray(value.argv) && 'folder' in value && typeof value.folder === 'string' && 'path' in value && 'name' in value;
}

/** A row of the Testing view, or a message of it: the editor hands over `{test, message}` then. */
function testOf(value: unknown): { readonly item: vscode.TestItem | undefined; readonly said: string } {
  if (typeof value !== 'object' || value === null) return { item: undefined, said: '' };
  if ('test' in value && isTestItem(value.test)) return { item: value.test, said: 'message' in value ? messageText(value.message) : '' };
  return { item: isTestItem(value) ? value : undefined, said: '' };
}

function isTestItem(value: unknown): value is vscode.TestItem {
  return typeof value === 'object' && value !== null && 'id' in value && 'label' in value && typeof value.label === 'string';
}

function messageText(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('message' in value)) return '';
  const text = typeof value.message === 'string' ? value.message : value.message instanceof vscode.MarkdownString ? value.message.value : '';
  const of = (key: string): string => {
    const found: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
    return typeof found === 'string' ? `\n${key.replace('Output', '')}: ${found}` : '';
  };
  return `${text}${of('expectedOutput')}${of('actualOutput')}`;
}

/** How the test failed, from a tool that some editors have; "" elsewhere. */
async function askTestTool(name: string): Promise<string> {
  const tool = vscode.lm.tools.find((each) => TEST_TOOLS.includes(each.name));
  if (tool === undefined) return '';
  const stop = new vscode.CancellationTokenSource();
  const timer = setTimeout(() => stop.cancel(), TEST_TOOL_MS);
  try {
    const { content } = await vscode.lm.invokeTool(tool.name, { input: {}, toolInvocationToken: undefined }, stop.token);
    const texts = content.flatMap((part) => (part instanceof vscode.LanguageModelTextPart ? [part.value] : []));
    return texts.find((text) => text.includes(name)) ?? '';
  } catch {
    return ''; // it wants a chat, or took too long: name and place of the test serve
  } finally {
    clearTimeout(timer);
    stop.dispose();
  }
}

function terminalOf(value: unknown): vscode.Terminal | undefined {
  return vscode.window.terminals.find((terminal) => terminal === value);
}
