/** Decides which git tools there are: no push, reset, clean, stash or config, and no way to pass arguments through. */
import type { Tool } from '../tool.ts';
import { gitBlame } from './blame.ts';
import { gitBranch } from './branch.ts';
import { gitCommit } from './commit.ts';
import { gitDiff } from './diff.ts';
import { gitLog } from './log.ts';
import { gitShow } from './show.ts';
import { gitStatus } from './status.ts';

export const gitTools: readonly Tool[] = [gitStatus, gitDiff, gitLog, gitShow, gitBlame, gitCommit, gitBranch];
