// node --import ./tools/register.mjs: lets Node versions that cannot do it themselves import .ts files.
import { register } from 'node:module';

if (!process.features.typescript) register('./load.mjs', import.meta.url);
