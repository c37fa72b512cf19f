import { checkAction, covers } from './action.js';
import { Groups } from './groups.js';

/**
 * Answers "may this user do that?". What a user may do is worked out once and kept until the groups change:
 * most questions cost a look into a map.
 */
export class Access {
  #kept = new Map();
  #keptFor = -1;
  #workedOut = 0;

  constructor(groups = new Groups()) {
    this.groups = groups;
  }

  can(user, action) {
    checkAction(action);
    for (const granted of this.#grants(user)) if (covers(granted, action)) return true;
    return false;
  }

  /** Throws unless the user may. */
  demand(user, action) {
    if (!this.can(user, action)) throw new Error(`${user} may not ${action}.`);
  }

  /** Everything granted to the user, sorted. */
  grants(user) {
    return [...this.#grants(user)].sort();
  }

  /** How often something had to be worked out, for the metrics page. */
  get workedOut() {
    return this.#workedOut;
  }

  #grants(user) {
    if (this.#keptFor !== this.groups.version) {
      this.#kept.clear();
      this.#keptFor = this.groups.version;
    }
    let grants = this.#kept.get(user);
    if (grants === undefined) {
      grants = this.#workOut(user);
      this.#kept.set(user, grants);
    }
    return grants;
  }

  #workOut(user) {
    this.#workedOut++;
    const grants = new Set();
    for (const own of this.groups.groupsOf(user)) {
      for (const group of this.groups.ancestors(own)) for (const action of this.groups.grantsOf(group)) grants.add(action);
    }
    return grants;
  }
}
