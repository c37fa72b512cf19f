import { matching, search } from './filters.js';
import { pageOf } from './paging.js';
import { demand } from './permissions.js';
import { sorted } from './sorting.js';

/** What all areas have in common: listing, reading, making, changing and removing records, for those who may. */
export function resource(office, { area, searched, sortable, locked = () => undefined }) {
  const collection = () => office.collections[area];
  const allow = (employee, action) => demand(employee, area, action, office.clock.today());
  return {
    list(employee, { text = '', where = {}, sort, page, size } = {}) {
      allow(employee, 'read');
      const found = search(matching(collection().all(), where, collection().model), text, searched);
      return pageOf(sorted(found, sort, sortable), { page, size });
    },
    get(employee, id) {
      allow(employee, 'read');
      return collection().get(id);
    },
    create(employee, record) {
      allow(employee, 'write');
      const made = collection().add(record);
      office.audit.note(employee, 'create', made);
      return made;
    },
    change(employee, id, changes) {
      allow(employee, 'write');
      refuseLocked(locked, collection().get(id));
      const changed = collection().change(id, changes);
      office.audit.note(employee, 'change', changed);
      return changed;
    },
    remove(employee, id) {
      allow(employee, 'write');
      const record = collection().get(id);
      refuseLocked(locked, record);
      collection().remove(id);
      office.audit.note(employee, 'remove', record);
    },
  };
}

function refuseLocked(locked, record) {
  const reason = locked(record);
  if (reason !== undefined) throw Object.assign(new Error(`${record.id} cannot be changed: ${reason}.`), { status: 409 });
}
