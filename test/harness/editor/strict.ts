/** Decides how the editor for tests differs from its package: proposed API is refused as in a released VS Code, and native parts that no install script built are stubs. */
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Changes with what is done here: an older install is made again. */
export const STRICT_VERSION = 'strict-1';

/** `vscode`: the lib/vscode folder of code-server. Safe to do twice. @throws Error when a place to change is not there: tests would lie. */
export async function makeStrict(vscode: string): Promise<void> {
  // code-server answers every "may this extension use the proposal" with yes, in the extension host and in the window.
  await change(join(vscode, 'out/vs/workbench/api/node/extensionHostProcess.js'), /function ([\w$]+)\(([\w$]+),([\w$]+)\)\{return!0\}(?=function [\w$]+\([\w$]+,[\w$]+\)\{if\(!\1\()/u, (_whole, name, extension, proposal) => asks(name, extension, proposal));
  const window = join(vscode, 'out/vs/code/browser/workbench/workbench.js');
  await change(window, /this\._envEnablesProposedApiForAll=!0/u, () => 'this._envEnablesProposedApiForAll=!1');
  const test = /!([\w$]+)\([\w$]+\.description,"defaultChatParticipant"\)/u.exec(await readFile(window, 'utf8'))?.[1];
  if (test === undefined) throw changed(window, 'the check of defaultChatParticipant');
  const name = test.replaceAll('$', '\\$');
  await change(window, new RegExp(`function (${name})\\(([\\w$]+),([\\w$]+)\\)\\{return!0\\}`, 'u'), (_whole, own, extension, proposal) => asks(own, extension, proposal));
  await writeStub(join(vscode, 'node_modules/@vscode/spdlog'), 'build/Release/spdlog.node', SPDLOG);
  await writeStub(join(vscode, 'node_modules/@vscode/native-watchdog'), 'build/Release/watchdog.node', WATCHDOG);
}

const asks = (name: string | undefined, extension: string | undefined, proposal: string | undefined): string => `function ${name}(${extension},${proposal}){return!!${extension}.enabledApiProposals?.includes(${proposal})}`;

async function change(file: string, place: RegExp, by: (whole: string, ...groups: readonly string[]) => string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!place.test(text)) throw changed(file, String(place));
  await writeFile(file, text.replace(place, (whole: string, ...groups: readonly string[]) => by(whole, ...groups)));
}

function changed(file: string, what: string): Error {
  return new Error(`${file} has no place like ${what}: this code-server is built differently, and would allow every proposed API. Adapt test/harness/editor/strict.ts to it.`);
}

async function writeStub(folder: string, native: string, source: string): Promise<void> {
  const built = await access(join(folder, native)).then(() => true, () => false);
  if (!built) await writeFile(join(folder, 'index.js'), source);
}

/** The logger, with the calls that VS Code makes of it. */
const SPDLOG = `'use strict';
const fs = require('node:fs');
const path = require('node:path');
const NAMES = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
class Logger {
  constructor(file) {
    this.file = file;
    this.level = 2;
    this.raw = false;
    fs.mkdirSync(path.dirname(file), { recursive: true });
  }
  log(level, text) {
    if (level < this.level) return;
    fs.appendFileSync(this.file, this.raw ? text : new Date().toISOString() + ' [' + NAMES[level] + '] ' + text + '\\n');
  }
  trace(text) { this.log(0, text); }
  debug(text) { this.log(1, text); }
  info(text) { this.log(2, text); }
  warn(text) { this.log(3, text); }
  error(text) { this.log(4, text); }
  critical(text) { this.log(5, text); }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern(pattern) { if (pattern === '%v') this.raw = true; }
  clearFormatters() { this.raw = true; }
  flush() {}
  drop() {}
}
exports.version = 1;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.shutdown = () => {};
exports.createRotatingLogger = async (name, file) => new Logger(file);
exports.createAsyncRotatingLogger = exports.createRotatingLogger;
exports.Logger = Logger;
`;

/** Ends the extension host when its parent has gone. */
const WATCHDOG = `'use strict';
exports.start = (pid) => {
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      process.exit(87);
    }
  }, 1000).unref();
};
exports.exit = (code) => process.exit(code || 0);
`;
