/** Decides what crosses between the language server and a client that knows the crew, beside the Language Server Protocol. */
import * as z from 'zod';
import { Finding } from '../core/domain/finding.ts';

/** In `capabilities.experimental.groundcrew` of a client: what it does itself. A client without it gets all from the server. */
export const ClientAbilities = z.object({
  /** Runs reviews: answers `crew/review`. */
  review: z.boolean().default(false),
  /** Starts a fix: answers `crew/fix`. */
  fix: z.boolean().default(false),
  /** Shows `crew/state`. */
  state: z.boolean().default(false),
});
export type ClientAbilities = z.infer<typeof ClientAbilities>;

/** The section `groundcrew.review` of the client's settings. */
export const ReviewSettings = z.object({
  onSave: z.boolean().default(false),
  minSeverity: z.enum(['error', 'warning', 'info']).default('info'),
  maxFindings: z.int().min(1).max(50).default(5),
});
export type ReviewSettings = z.infer<typeof ReviewSettings>;

/** Server → client, a request: read this with the model. */
export const REVIEW = 'crew/review';
export const ReviewAsked = z.object({
  uri: z.string(),
  /** Root of the workspace folder, as an absolute path. */
  root: z.string(),
  path: z.string(),
  text: z.string(),
  diff: z.string().optional(),
  background: z.boolean(),
});
export type ReviewAsked = z.infer<typeof ReviewAsked>;
export const ReviewAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reviewed'), findings: z.array(Finding) }),
  z.object({ kind: z.literal('skipped'), why: z.string() }),
]);

/** Server → client, a request: the user wants this finding fixed. Answered at once; the run goes on by itself. */
export const FIX = 'crew/fix';
export const FixAsked = z.object({ uri: z.string(), root: z.string(), path: z.string(), line: z.int().min(1), words: z.string() });
export type FixAsked = z.infer<typeof FixAsked>;

/** Server → client: how the review of a saved file goes. */
export const STATE = 'crew/state';
export const StateTold = z.object({ uri: z.string(), kind: z.enum(['waiting', 'reviewing', 'reviewed', 'skipped', 'stopped']), word: z.string(), findings: z.int().min(0) });
export type StateTold = z.infer<typeof StateTold>;

/** Client → server: a run is at work (or, null, no longer): reviews of saved files wait. */
export const GIVE_WAY = 'crew/giveWay';
export const GiveWay = z.object({ why: z.string().nullable() });

/** Client → server: what a review of its own found; each path's findings take the place of the ones before. */
export const FINDINGS = 'crew/findings';
export const FindingsTold = z.object({ root: z.string(), paths: z.array(z.string()), findings: z.array(Finding) });
export type FindingsTold = z.infer<typeof FindingsTold>;
