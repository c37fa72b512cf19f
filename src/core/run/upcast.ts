/** Decides how events of other schema versions are read: older ones are raised step by step, newer ones are refused. */
import { eventData, parseEvent, SCHEMA_VERSION, type RunEvent } from '../domain/event.ts';
import { StoreFailed } from './storeErrors.ts';

type Fields = Readonly<Record<string, unknown>>;
/** The same event one version later. */
export type Upcaster = (event: Fields) => Fields;
/** By the version that each raises. Version 1 is the first, so there is none yet. */
const UPCASTERS: ReadonlyMap<number, Upcaster> = new Map();

/**
 * One stored event as this version knows it. Events of our own version were checked when they were appended and are not checked
 * again (20,000 of them would cost 75 ms cold, measured with zod 4.6); raised ones are.
 * @throws StoreFailed `newer` or `corrupt`.
 */
export function upcastEvent(value: unknown, upcasters: ReadonlyMap<number, Upcaster> = UPCASTERS, newest: number = SCHEMA_VERSION): RunEvent {
  if (!isFields(value) || typeof value.v !== 'number' || typeof value.seq !== 'number' || typeof value.type !== 'string' || !isFields(value.data)) {
    throw new StoreFailed('corrupt', `An event of the run's log is not an event (${JSON.stringify(value)?.slice(0, 120)}). Nothing was deleted; the run cannot be shown or resumed.`);
  }
  if (value.v > newest) {
    throw new StoreFailed('newer', `Event ${value.seq} was written by a newer Groundcrew (schema ${value.v}; this one knows ${newest}). Update Groundcrew to read this run.`);
  }
  if (value.v === newest && Object.hasOwn(eventData, value.type)) return value as RunEvent; // checked on append; the shape was looked at above
  let event: Fields = value;
  for (let v = value.v; v < newest; v += 1) {
    const raise = upcasters.get(v);
    if (raise === undefined) throw new StoreFailed('corrupt', `Event ${value.seq} has schema ${value.v}, and nothing here raises version ${v} to ${v + 1}. Open this run with the version that wrote it.`);
    event = { ...raise(event), v: v + 1 };
  }
  return parsed(event);
}

function parsed(event: Fields): RunEvent {
  try {
    return parseEvent(event);
  } catch (error) {
    throw new StoreFailed('corrupt', `Event ${String(event.seq)} (${String(event.type)}) cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
