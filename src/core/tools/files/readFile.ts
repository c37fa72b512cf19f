/** Decides how a role reads one text file: whole for code, a numbered range of lines for models. */
import * as z from 'zod';
import { TextFile } from '../../domain/patch.ts';
import { defineTool } from '../tool.ts';

const LINES_DEFAULT = 200;
const LINES_MAX = 2_000;

export const readFile = defineTool({
  name: 'read_file',
  category: 'files',
  permission: 'read',
  description: 'Read lines of a text file.',
  input: z.object({
    path: z.string().min(1).describe('Path in the workspace.'),
    firstLine: z.int().min(1).default(1),
    lineCount: z.int().min(1).max(LINES_MAX).default(LINES_DEFAULT),
  }),
  output: z.object({ file: TextFile, firstLine: z.int(), lineCount: z.int() }),
  callsPerMinuteMax: 6_000,
  cacheable: true,
  touches: ({ path }) => ({ paths: [path] }),

  async run({ path, firstLine, lineCount }, { files, seen }) {
    const file = await files.read(path);
    seen?.saw(file.path, file.sha256);
    return { file, firstLine, lineCount };
  },

  show({ file, firstLine, lineCount }) {
    const lines = file.text.split('\n');
    const shown = lines.slice(firstLine - 1, firstLine - 1 + lineCount);
    const left = lines.length - (firstLine - 1 + shown.length);
    const text = shown.map((line, i) => `${firstLine + i}\t${line.replace(/\r$/, '')}`).join('\n');
    return `${file.path}\n${text}${left > 0 ? `\n… ${left} more lines; read on with firstLine ${firstLine + shown.length}` : ''}`;
  },
});
