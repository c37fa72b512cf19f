/** Decides what `npm run bench editor` measures: what the extension costs in the editor, and its panels. */
import { benchPanels } from './editorPanels.ts';
import type { Bench } from './row.ts';

export const bench: Bench = async (_options, signal) => [...(await benchPanels(signal))];
