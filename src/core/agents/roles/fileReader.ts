/** Decides what the reviewer is asked about a piece of code: once for what is wrong, once for the line that it would write. */
import type { ChatMessage } from '../../model/chatModel.ts';
import { asData, layOut } from '../prompt.ts';
import { reviewer } from './reviewer.ts';

/**
 * Kept apart from the card's own prompt, which is about a change that passes all tests. Asked to explain and propose, a
 * model rejects up to 90 % of correct code (arXiv 2603.00539): so it is asked for places alone, and told that none is usual.
 */
const PROMPT = [
  'You are the reviewer. Most code is correct. List only lines that give a wrong result, crash, leak or hang when they run, for an input that you can name.',
  'No style, no missing checks for bad input, no guesses about code that you do not see. Quote the line exactly, without its number. An empty list is the usual answer.',
].join('\n');

export interface Piece {
  readonly path: string;
  /** Numbered lines; those that were changed begin with +. */
  readonly shown: string;
  /** What stands at the top of the file, outside of the piece. */
  readonly head: string;
}

export function readingMessages({ path, shown, head }: Piece): readonly ChatMessage[] {
  const records = [...(head === '' ? [] : [asData(`top of ${path}`, head)]), asData(path, shown)];
  return layOut({ records }, { ...reviewer, prompt: PROMPT }, shown.includes('\n+') || shown.startsWith('+') ? 'Lines that begin with + were just changed; only they are in question.' : '');
}

/** For a model that cannot fill a gap: the same question in words. */
export function clozeMessages(path: string, before: string, after: string): readonly ChatMessage[] {
  return layOut({ records: [asData(path, `${before}\n<the missing line>\n${after}`)] }, { ...reviewer, prompt: 'You are the reviewer. One line is missing. Write only that line, nothing else.' }, '');
}
