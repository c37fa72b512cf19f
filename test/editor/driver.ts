/** Decides how a test does what a person does in the window: keys, palette, rows, toasts and dialogs, each waited for and never slept for. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { EditorServer } from '../harness/editor/server.ts';
import type { EditorWindow } from '../harness/editor/window.ts';

/** A run on a machine that does other things takes so long; what takes longer does not come. */
export const SHOWN_MS = 90_000;

export interface Driver extends AsyncDisposable {
  readonly page: Page;
  readonly console: readonly string[];
  /** By its title, as in the palette. */
  command(title: string): Promise<void>;
  /** Titles that the palette offers for the words. */
  offered(words: string): Promise<readonly string[]>;
  press(...keys: readonly string[]): Promise<void>;
  /** Fix This Bug from the keyboard, with these words. */
  fix(words: string): Promise<void>;
  open(file: string): Promise<void>;
  /** Text of the open editor as it is drawn. */
  editorText(): Promise<string>;
  readonly quickInput: Locator;
  /** A row of the RUNS view whose label or description holds the text. */
  row(text: string | RegExp): Locator;
  /** Waits until the row is there. */
  see(text: string | RegExp): Promise<Locator>;
  /** Presses the inline button of a row. */
  action(row: Locator, title: string): Promise<void>;
  toast(text: string | RegExp): Locator;
  answerToast(text: string | RegExp, button: string): Promise<void>;
  seeToast(text: string | RegExp): Promise<string>;
  readonly dialog: Locator;
  showCrew(): Promise<void>;
  /** Keeps what is seen and logged, where a failed test can be looked at. */
  keep(name: string): Promise<void>;
}

export function createDriver(window: EditorWindow, server: EditorServer): Driver {
  const { page } = window;
  const quickInput = page.locator('.quick-input-widget');
  const input = quickInput.locator('input[type="text"]').first();
  const rows = page.locator('.part.sidebar .monaco-list-row');
  const toasts = page.locator('.notifications-toasts .notification-toast');
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const toast = (text: string | RegExp): Locator => toasts.filter({ hasText: text }).first();
  const see = async (text: string | RegExp): Promise<Locator> => {
    const row = rows.filter({ hasText: text }).first();
    await row.waitFor({ timeout: SHOWN_MS });
    return row;
  };
  const search = async (words: string): Promise<void> => {
    await press('F1');
    await input.waitFor({ timeout: SHOWN_MS });
    await input.fill(`>${words}`);
  };
  return {
    page, console: window.console, press, quickInput, see, toast, dialog: page.locator('.monaco-dialog-box'),
    row: (text) => rows.filter({ hasText: text }).first(),
    async command(title) {
      await search(title);
      await quickInput.locator('.monaco-list-row', { hasText: title }).first().click({ timeout: SHOWN_MS });
    },
    async offered(words) {
      await search(words);
      await quickInput.locator('.monaco-list-row').first().waitFor({ timeout: SHOWN_MS });
      const titles = await quickInput.locator('.monaco-list-row').allTextContents();
      await press('Escape');
      return titles;
    },
    async fix(words) {
      await press('Control+k', 'g');
      await quickInput.locator('.quick-input-title', { hasText: 'Fix This Bug' }).waitFor({ timeout: SHOWN_MS });
      await input.fill(words);
      await quickInput.locator('.monaco-list-row', { hasText: words }).first().waitFor({ timeout: SHOWN_MS });
      await press('Enter');
    },
    async open(file) {
      await press('Control+p');
      await input.waitFor({ timeout: SHOWN_MS });
      await input.fill(file);
      await quickInput.locator('.monaco-list-row', { hasText: path.posix.basename(file) }).first().click({ timeout: SHOWN_MS });
      await page.locator('.tab.active', { hasText: path.posix.basename(file) }).waitFor({ timeout: SHOWN_MS });
      await page.locator('.editor-instance .view-line').first().click({ timeout: SHOWN_MS });
    },
    // Blanks are drawn as no-break spaces.
    editorText: async () => (await page.locator('.editor-instance .view-line').allTextContents()).join('\n').replaceAll('\u00a0', ' '),
    async action(row, title) {
      await row.hover({ timeout: SHOWN_MS });
      await row.locator(`.action-label[aria-label^="${title}"]`).first().click({ timeout: SHOWN_MS });
    },
    async answerToast(text, button) {
      await toast(text).waitFor({ timeout: SHOWN_MS });
      await toast(text).hover();
      await toast(text).locator('.monaco-button', { hasText: button }).first().click({ timeout: SHOWN_MS });
    },
    async seeToast(text) {
      await toast(text).waitFor({ timeout: SHOWN_MS });
      return (await toast(text).locator('.notification-list-item-message').first().textContent()) ?? '';
    },
    async showCrew() {
      await page.locator('.activitybar .action-label[aria-label^="Crew"]').first().click({ timeout: SHOWN_MS });
      await page.locator('.part.sidebar .composite.title', { hasText: 'Crew' }).waitFor({ timeout: SHOWN_MS });
    },
    async keep(name) {
      const file = path.join(process.env['GROUNDCREW_SCREENSHOTS'] ?? '.', name.replaceAll(/[^\w-]+/gu, '-').slice(0, 80));
      await page.screenshot({ path: `${file}.png` });
      writeFileSync(`${file}.log`, `${await server.logs()}\n── window\n${window.console.join('\n')}`);
    },
    [Symbol.asyncDispose]: () => window[Symbol.asyncDispose](),
  };
}
