/** Lets a test run a function inside the extension host: one line of JSON in, one out, on the socket that GROUNDCREW_BRIDGE names. */
'use strict';
const net = require('node:net');
const readline = require('node:readline');
const vscode = require('vscode');

exports.activate = (context) => {
  const kept = {};
  const server = net.createServer((socket) => {
    readline.createInterface({ input: socket }).on('line', async (line) => {
      const { id, source, argument } = JSON.parse(line);
      const reply = await Promise.resolve().then(() => new Function('vscode', 'argument', 'kept', `return (${source})(vscode, argument, kept)`)(vscode, argument, kept))
        .then((value) => ({ id, value: value === undefined ? null : value }), (error) => ({ id, error: String(error?.stack ?? error) }));
      socket.write(`${JSON.stringify(reply)}\n`);
    });
  }).listen(process.env.GROUNDCREW_BRIDGE);
  context.subscriptions.push({ dispose: () => server.close() });
};
