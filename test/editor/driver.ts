/** Decides how a test does what a person does in the window: keys, palette, rows, toasts and dialogs, each waited for and never slept for. */
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { EditorWindow } from '../harness/editor/window.ts';

/** The editor is slow on two busy cores; what takes longer than this does not come. */
export const SHOWN_MS = 30_000;

export interface Driver extends AsyncDisposable {
  readonly page: Page;
  readonly console: readonly string[];
  /** By its title, as in the palette. */
  command(title: string): Promise<void>;
  press(...keys: readonly string[]): Promise<void>;
  /** Types into what has the focus. */
  type(text: string): Promise<void>;
  open(file: string): Promise<void>;
  /** Text of the open editor, as it is drawn. */
  readonly editor: Locator;
  readonly quickInput: Locator;
  /** A row of the RUNS view whose label or description holds the text. */
  row(text: string | RegExp): Locator;
  /** Presses the inline button of a row. */
  action(row: Locator, title: string): Promise<void>;
  toast(text: string | RegExp): Locator;
  answerToast(text: string | RegExp, button: string): Promise<void>;
  readonly dialog: Locator;
  showCrew(): Promise<void>;
  screenshot(name: string): Promise<void>;
}

export function createDriver(window: EditorWindow, root: string): Driver {
  const { page } = window;
  const quickInput = page.locator('.quick-input-widget');
  const rows = page.locator('.part.sidebar .monaco-list-row');
  const toasts = page.locator('.notifications-toasts .notification-toast');
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const command = async (title: string): Promise<void> => {
    await press('F1');
    await quickInput.locator('input').waitFor({ timeout: SHOWN_MS });
    await quickInput.locator('input').fill(`>${title}`);
    await quickInput.locator('.monaco-list-row', { hasText: title }).first().click({ timeout: SHOWN_MS });
  };
  return {
    page, console: window.console, command, press, quickInput,
    editor: page.locator('.editor-instance .view-lines').first(),
    type: async (text) => await page.keyboard.type(text),
    async open(file) {
      await press('Control+p');
      await quickInput.locator('input').waitFor({ timeout: SHOWN_MS });
      await quickInput.locator('input').fill(file);
      await quickInput.locator('.monaco-list-row', { hasText: path.posix.basename(file) }).first().click({ timeout: SHOWN_MS });
      await page.locator('.tab.active', { hasText: path.posix.basename(file) }).waitFor({ timeout: SHOWN_MS });
      await page.locator('.editor-instance .view-line').first().click({ timeout: SHOWN_MS });
    },
    row: (text) => rows.filter({ hasText: text }).first(),
    async action(row, title) {
      await row.hover({ timeout: SHOWN_MS });
      await row.locator(`.action-label[aria-label^="${title}"]`).first().click({ timeout: SHOWN_MS });
    },
    toast: (text) => toasts.filter({ hasText: text }).first(),
    async answerToast(text, button) {
      const toast = toasts.filter({ hasText: text }).first();
      await toast.waitFor({ timeout: SHOWN_MS });
      await toast.hover();
      await toast.locator('.monaco-button', { hasText: button }).first().click({ timeout: SHOWN_MS });
    },
    dialog: page.locator('.monaco-dialog-box'),
    async showCrew() {
      await page.locator('.activitybar .action-label[aria-label^="Crew"]').first().click({ timeout: SHOWN_MS });
      await page.locator('.part.sidebar .composite.title', { hasText: 'Crew' }).waitFor({ timeout: SHOWN_MS });
    },
    async screenshot(name) {
      await page.screenshot({ path: path.join(screenshots(root), `${name}.png`) });
    },
    [Symbol.asyncDispose]: () => window[Symbol.asyncDispose](),
  };
}

/** GROUNDCREW_SCREENSHOTS, else beside the project. */
function screenshots(root: string): string {
  return process.env['GROUNDCREW_SCREENSHOTS'] ?? path.dirname(root);
}
