/** Decides how a window of the editor is opened in the browser: as a user's (dialogs are real) or as a host for tests that run inside it. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { EditorServer } from './server.ts';

const LOAD_LIMIT_MS = 60_000;

export interface WindowOptions {
  readonly browser: Browser;
  readonly server: Pick<EditorServer, 'port'>;
  /** Absolute path; undefined: an empty window. */
  readonly folder: string | undefined;
  /** Extension in development: absolute path of its folder. */
  readonly development?: string;
  /** A CommonJS module that exports `run()`: it runs inside the extension host. */
  readonly tests?: { readonly path: string; readonly onLog: (line: string) => void; readonly onExit: (code: number) => void };
  readonly size?: { readonly width: number; readonly height: number };
}

export interface EditorWindow extends AsyncDisposable {
  readonly page: Page;
  /** What the window itself wrote to its console. */
  readonly console: readonly string[];
}

/** Resolves when the workbench is drawn. The browser profile is fresh. */
export async function openWindow({ browser, server, folder, development, tests, size = { width: 1400, height: 900 } }: WindowOptions): Promise<EditorWindow> {
  const context: BrowserContext = await browser.newContext({ locale: 'en-US', viewport: size });
  const page = await context.newPage();
  const lines: string[] = [];
  page.on('console', (message) => void lines.push(message.text()));
  const authority = `localhost:${server.port}`;
  if (tests !== undefined) {
    await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => tests.onLog(args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' ')));
    await page.exposeFunction('codeAutomationExit', (code: number) => tests.onExit(code));
  }
  const settings = tests !== undefined ? { enableSmokeTestDriver: true } : development !== undefined ? { extensions: [{ scheme: 'vscode-remote', authority, path: development }] } : undefined;
  if (settings !== undefined) await configure(page, settings);
  const remote = (path: string): string => `vscode-remote://${authority}${path}`;
  const payload = [['skipWelcome', 'true'], ...(tests === undefined || development === undefined ? [] : [['extensionDevelopmentPath', remote(development)], ['extensionTestsPath', remote(tests.path)]])];
  const query = new URLSearchParams({ ...(folder === undefined ? { ew: 'true' } : { folder }), payload: JSON.stringify(payload) });
  await page.goto(`http://${authority}/?${query}`, { timeout: LOAD_LIMIT_MS });
  await page.locator('.monaco-workbench').waitFor({ timeout: LOAD_LIMIT_MS });
  return { page, console: lines, [Symbol.asyncDispose]: async () => await context.close() };
}

/** The page carries its configuration as JSON in an attribute; options for developers can be set nowhere else. */
async function configure(page: Page, options: Readonly<Record<string, unknown>>): Promise<void> {
  await page.route((url) => url.pathname === '/', async (route) => {
    const reply = await route.fetch();
    const text = await reply.text();
    const body = text.replace(/(id="vscode-workbench-web-configuration" data-settings=")([^"]*)"/u, (_whole: string, before: string, escaped: string) => {
      const configuration: Readonly<Record<string, unknown>> = JSON.parse(escaped.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
      const own = configuration['developmentOptions'];
      const changed = { ...configuration, developmentOptions: { ...(typeof own === 'object' ? own : {}), ...options } };
      return `${before}${JSON.stringify(changed).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
    });
    await route.fulfill({ response: reply, body });
  });
}
