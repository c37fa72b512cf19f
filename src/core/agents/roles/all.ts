/** Decides which roles make up the crew, in the order in which a run meets them. */
import type { RoleCard } from '../role.ts';
import { coder } from './coder.ts';
import { judge } from './judge.ts';
import { planner } from './planner.ts';
import { reviewer } from './reviewer.ts';
import { verifier } from './verifier.ts';

export const cards: readonly RoleCard[] = [planner, coder, reviewer, verifier, judge];
