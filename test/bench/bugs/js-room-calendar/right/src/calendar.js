import { clock, gaps, interval, merged, overlaps } from './interval.js';

/**
 * @typedef {object} Booking
 * @property {number} id
 * @property {string} room
 * @property {number} start
 * @property {number} end
 * @property {string} title
 * @property {'confirmed' | 'tentative' | 'cancelled'} state
 */

/** The bookings of one day. A cancelled booking stays on record, but its minutes are free again. */
export class Calendar {
  #bookings = new Map();
  #nextId = 1;

  constructor(rooms, { opens = 8 * 60, closes = 18 * 60 } = {}) {
    this.rooms = new Set(rooms);
    this.hours = interval(opens, closes);
  }

  /** @returns {Booking} */
  book(room, start, end, title, { tentative = false } = {}) {
    this.#knownRoom(room);
    const wanted = interval(start, end);
    if (wanted.start < this.hours.start || wanted.end > this.hours.end) {
      throw new RangeError(`${room} opens at ${clock(this.hours.start)} and closes at ${clock(this.hours.end)}.`);
    }
    const other = this.#conflict(room, wanted);
    if (other !== undefined) throw new Error(`${room} is taken from ${clock(other.start)} to ${clock(other.end)} by "${other.title}".`);
    const booking = { id: this.#nextId++, room, ...wanted, title, state: tentative ? 'tentative' : 'confirmed' };
    this.#bookings.set(booking.id, booking);
    return booking;
  }

  confirm(id) {
    const booking = this.#existing(id);
    if (booking.state === 'cancelled') throw new Error(`Booking ${id} was cancelled.`);
    booking.state = 'confirmed';
  }

  cancel(id) {
    this.#existing(id).state = 'cancelled';
  }

  isFree(room, start, end) {
    this.#knownRoom(room);
    return this.#conflict(room, interval(start, end)) === undefined;
  }

  /** Times of day in which a meeting of so many minutes fits, as intervals of at least that length. */
  freeSlots(room, minutes) {
    this.#knownRoom(room);
    return gaps(this.hours, this.#busy(room)).filter((gap) => gap.end - gap.start >= minutes);
  }

  /** The room that leaves the smallest gap behind, or undefined if the meeting fits nowhere at that time. */
  bestRoom(start, end) {
    const wanted = interval(start, end);
    let best;
    for (const room of this.rooms) {
      const gap = this.freeSlots(room, end - start).find((slot) => slot.start <= wanted.start && slot.end >= wanted.end);
      if (gap === undefined) continue;
      const waste = gap.end - gap.start - (wanted.end - wanted.start);
      if (best === undefined || waste < best.waste) best = { room, waste };
    }
    return best?.room;
  }

  /** Share of the opening hours that is booked, from 0 to 1. */
  load(room) {
    this.#knownRoom(room);
    const minutes = this.#busy(room).reduce((sum, { start, end }) => sum + (end - start), 0);
    return minutes / (this.hours.end - this.hours.start);
  }

  /** Everything on record for the room, by time, cancelled bookings included. */
  history(room) {
    this.#knownRoom(room);
    return [...this.#bookings.values()].filter((booking) => booking.room === room).sort((a, b) => a.start - b.start || a.id - b.id);
  }

  #busy(room) {
    const taken = [];
    for (const booking of this.#bookings.values()) {
      if (booking.room !== room) continue;
      if (booking.state === 'cancelled') continue;
      taken.push(booking);
    }
    return merged(taken);
  }

  #conflict(room, wanted) {
    for (const booking of this.#bookings.values()) {
      if (booking.room === room && booking.state !== 'cancelled' && overlaps(booking, wanted)) return booking;
    }
    return undefined;
  }

  #existing(id) {
    const booking = this.#bookings.get(id);
    if (booking === undefined) throw new Error(`There is no booking ${id}.`);
    return booking;
  }

  #knownRoom(room) {
    if (!this.rooms.has(room)) throw new Error(`There is no room "${room}".`);
  }
}
