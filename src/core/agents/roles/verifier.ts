/** Decides what the verifier is told when it must write a reproduction; everything else it does is code. */
import { defineRole } from '../role.ts';

export const verifier = defineRole<never>({
  name: 'verifier',
  version: '1',
  does: 'Runs checks in a copy of your project and records receipts; writes a reproduction test when none fails.',
  cannot: 'Edits no source. A reproduction counts only when it fails twice on the unchanged code.',
  limits: { turnsMax: 3, replyTokensMax: 260 },
  quality: '',
  prompt: [
    'You are the verifier. Write one small test that fails because of the reported bug and will pass once it is fixed.',
    'Reply with the test file only, in one fenced block.',
  ].join('\n'),
  reply: undefined,
});
