import assert from 'node:assert/strict';
import fc from 'fast-check';
import { eventData, parseEvent } from '../../../src/core/domain/event.ts';
import { Message } from '../../../src/core/domain/message.ts';
import { StoreFailed } from '../../../src/core/run/storeErrors.ts';
import { upcastEvent } from '../../../src/core/run/upcast.ts';
import { fuzzing, fuzzTimeout } from '../../support/fuzzing.ts';

const types = fc.oneof(fc.constantFrom(...Object.keys(eventData), 'constructor', 'toString', '__proto__', 'run.exploded'), fc.string());
const event = fc.record({ v: fc.oneof(fc.constant(1), fc.anything()), seq: fc.oneof(fc.nat(), fc.anything()), at: fc.anything(), run: fc.anything(), type: types, data: fc.anything() }, { requiredKeys: [] });

describe('reading whatever stands in the log', () => {
  it('gives an event of a known type, or says what is wrong with the log', function () {
    this.timeout(fuzzTimeout(20_000));
    fc.assert(fc.property(fc.oneof(event, fc.anything()), (stored) => {
      try {
        assert.ok(Object.hasOwn(eventData, upcastEvent(stored).type));
      } catch (error) {
        assert.ok(error instanceof StoreFailed, String(error));
        assert.ok(error.kind === 'corrupt' || error.kind === 'newer');
      }
    }), fuzzing(2_000));
  });

  it('takes no event whose data do not fit its type', function () {
    this.timeout(fuzzTimeout(20_000));
    fc.assert(fc.property(types, fc.jsonValue(), (type, data) => {
      try {
        const read = parseEvent({ v: 1, seq: 1, at: 0, run: 'r', type, data });
        eventData[read.type].parse(read.data);
      } catch (error) {
        assert.ok(error instanceof Error && error.name === 'ZodError', String(error));
      }
    }), fuzzing(2_000));
  });

  it('takes no message with a field that is none, and gives every other back', function () {
    this.timeout(fuzzTimeout(20_000));
    const { type, intent, sender, priority, expects } = Message.shape;
    const message = fc.record({
      id: fc.string(), type: fc.constantFrom(...type.options), intent: fc.constantFrom(...intent.options), sender: fc.constantFrom(...sender.options), receiver: fc.constantFrom(...sender.options),
      correlation: fc.string(), replyTo: fc.option(fc.string()), priority: fc.constantFrom(...priority.options), expects: fc.constantFrom(...expects.options), expiresAt: fc.option(fc.nat()), body: fc.string(),
    }, { noNullPrototype: true });
    fc.assert(fc.property(message, fc.constantFrom(...Object.keys(Message.shape)), fc.oneof(fc.double({ noInteger: true }), fc.constant({}), fc.constant([])), (sent, key, wrong) => {
      assert.deepEqual(Message.parse(JSON.parse(JSON.stringify(sent))), sent);
      assert.equal(Message.safeParse({ ...sent, [key]: wrong }).success, false);
    }), fuzzing(1_000));
  });
});
