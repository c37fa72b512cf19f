/** Decides what counts as proof: a record that the host made by running something, chained to the one before. */
import * as z from 'zod';
import { Sha256 } from './patch.ts';

export const Receipt = z.object({
  id: z.string(),
  previous: Sha256.nullable().describe('Hash of the receipt before it in this workspace; null for the first.'),
  hash: Sha256.describe('Over every other field, in canonical JSON.'),
  run: z.string(),
  tree: Sha256.describe('Hash of the snapshot that the check ran on, patch included.'),
  patch: Sha256.nullable().describe('Hash of the patch; null: the base tree.'),
  argv: z.array(z.string()).min(1),
  cwd: z.string(),
  environment: Sha256.describe('Hash of executable, sandbox profile and environment names and values.'),
  exit: z.int().nullable(),
  passed: z.boolean(),
  log: Sha256.describe('Hash of the whole output.'),
  confined: z.boolean(),
  at: z.int().describe('Milliseconds since 1970.'),
  durationMs: z.number(),
});
export type Receipt = z.infer<typeof Receipt>;
