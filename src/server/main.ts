/** Decides how the extension starts the language server: in a process of its own, on the channel that its command line names. */
import { version } from '../node/version.ts';
import { serve } from './serve.ts';

serve({ version: version(), model: undefined, hosts: [], approve: 'never' });
