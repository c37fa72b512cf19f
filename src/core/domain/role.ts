/** Decides which roles exist. A role is a definition; an agent is a role at work in one run. */
import * as z from 'zod';

/** `orchestrator` is the engine itself: code, never a model. */
export const Role = z.enum(['planner', 'coder', 'reviewer', 'verifier', 'judge', 'orchestrator']);
export type Role = z.infer<typeof Role>;
