/** Decides nothing: the store's worker thread, which answers one call after another from its journal. */
import { parentPort, workerData } from 'node:worker_threads';
import { StaleLease, StoreFailed, WorkspaceHeld } from '../core/run/storeErrors.ts';
import { openJournal, RENEW_MS, type Journal } from './journal.ts';
import { storeFailure } from './journalErrors.ts';
import type { Answer, Call, Fault } from './storeProtocol.ts';

const file = String(workerData);
const port = parentPort;
if (port === null) throw new Error('storeWorker is a worker thread of the store; it does nothing by itself.');

/** Opened by the first call, so that a file that cannot be opened is an answer like any other. */
let journal: Journal | undefined;

port.on('message', (call: Call) => {
  port.postMessage(answer(call));
  if (call.method === 'close') port.close();
});

setInterval(() => {
  try {
    journal?.renew();
  } catch {
    // The next call that writes meets the same fault and can tell the user; a timer cannot.
  }
}, RENEW_MS).unref();

function answer(call: Call): Answer {
  try {
    return { id: call.id, ok: true, value: perform(call) };
  } catch (error) {
    return { id: call.id, ok: false, error: asFault(storeFailure(file, error)) };
  }
}

function perform(call: Call): unknown {
  journal ??= openJournal(file);
  const open = journal;
  switch (call.method) {
    case 'lease': return open.lease(...call.args);
    case 'holder': return open.holder();
    case 'release': return open.release(...call.args);
    case 'append': return open.append(...call.args);
    case 'read': return open.read(...call.args);
    case 'runs': return open.runs(...call.args);
    case 'effect': return open.effect(...call.args);
    case 'intend': return open.intend(...call.args);
    case 'finishEffect': return open.finishEffect(...call.args);
    case 'lastReceipt': return open.lastReceipt();
    case 'appendReceipt': return open.appendReceipt(...call.args);
    case 'putBlob': return open.putBlob(...call.args);
    case 'getBlob': return open.getBlob(...call.args);
    case 'close': return open.close();
  }
}

function asFault(error: Error): Fault {
  if (error instanceof StaleLease) return { kind: 'stale', epoch: error.epoch, newest: error.newest };
  if (error instanceof WorkspaceHeld) return { kind: 'held', holder: error.holder };
  return { kind: 'failed', fault: error instanceof StoreFailed ? error.kind : 'failed', message: error.message };
}
