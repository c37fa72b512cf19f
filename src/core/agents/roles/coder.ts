/** Decides what the coder is: it offers candidates; the requests for them stand with their sources in core/repair. */
import { defineRole } from '../role.ts';

export const coder = defineRole<never>({
  name: 'coder',
  version: '1',
  does: 'Offers candidates: mechanical edits, filled gaps, rewritten functions.',
  cannot: 'Does not touch your files and cannot call anything done; test files are read-only to it.',
  limits: { turnsMax: 1, replyTokensMax: 1_200 },
  quality: '',
  prompt: '',
  reply: undefined,
});
