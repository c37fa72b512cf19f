/** Decides how tests see the log: every event is checked against its schema and kept in order. */
import { eventData, type Emit, type EventType } from '../../src/core/domain/event.ts';
import type * as z from 'zod';

type Data<T extends EventType> = z.output<(typeof eventData)[T]>;

export interface Recorded {
  readonly emit: Emit;
  events<T extends EventType>(type: T): readonly Data<T>[];
  readonly types: readonly EventType[];
}

export function recordEvents(): Recorded {
  const all: { readonly type: EventType; readonly data: unknown }[] = [];
  const types: EventType[] = [];
  return {
    emit(type, data) {
      all.push({ type, data: eventData[type].parse(data) });
      types.push(type);
    },
    events: <T extends EventType>(type: T) => all.filter((event) => event.type === type).map((event) => event.data as Data<T>), // parsed by the schema of this type above
    types,
  };
}
