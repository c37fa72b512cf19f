/** Decides how a role finds text: a regular expression over the files that are not ignored; what is none is taken word for word. */
import * as z from 'zod';
import { defineTool } from '../tool.ts';

const HITS_DEFAULT = 50;
const HITS_MAX = 2_000;
const PATTERN_CHARS_MAX = 500;

export const searchText = defineTool({
  name: 'search_text',
  category: 'files',
  permission: 'read',
  description: 'Find lines that match a regular expression.',
  input: z.object({
    pattern: z.string().min(1).max(PATTERN_CHARS_MAX),
    path: z.string().default('').describe('Folder or file to search; empty for all.'),
    glob: z.string().max(256).optional().describe('Only files that match, such as **/*.ts'),
    max: z.int().min(1).max(HITS_MAX).default(HITS_DEFAULT),
  }),
  output: z.object({ hits: z.array(z.object({ path: z.string(), line: z.int(), text: z.string() })) }),
  callsPerMinuteMax: 600,
  cacheable: false,
  codeOnly: ['max'],
  touches: ({ path }) => ({ paths: [path] }),

  async run({ pattern, path, glob, max }, { files }, signal) {
    const hits = await files.search({ pattern: asPattern(pattern), under: path, max, ...(glob === undefined ? {} : { glob }) }, signal);
    return { hits: hits.map((hit) => ({ ...hit })) };
  },

  show: ({ hits }) => hits.map((hit) => `${hit.path}:${hit.line}: ${hit.text}`).join('\n') || 'nothing found',
});

/** Models often search for code such as "add(" and mean the letters. */
function asPattern(pattern: string): string {
  try {
    return new RegExp(pattern).source;
  } catch {
    return pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  }
}
