/** Who is in which group, which groups lie in which, and what a group may do. */
export class Groups {
  #members = new Map();
  #parents = new Map();
  #grants = new Map();
  #version = 0;

  /** Another number after each change: whoever keeps results can tell whether they still hold. */
  get version() {
    return this.#version;
  }

  add(user, group) {
    setOf(this.#members, user).add(group);
    this.#version++;
  }

  remove(user, group) {
    if (setOf(this.#members, user).delete(group)) this.#version++;
  }

  /** Members of `child` may do whatever `parent` may. */
  nest(child, parent) {
    if (child === parent || this.ancestors(parent).has(child)) throw new Error(`"${child}" cannot lie in "${parent}": that would be a circle.`);
    setOf(this.#parents, child).add(parent);
    this.#version++;
  }

  unnest(child, parent) {
    if (setOf(this.#parents, child).delete(parent)) this.#version++;
  }

  grant(group, action) {
    setOf(this.#grants, group).add(action);
    this.#version++;
  }

  revoke(group, action) {
    if (setOf(this.#grants, group).delete(action)) this.#version++;
  }

  groupsOf(user) {
    return setOf(this.#members, user);
  }

  grantsOf(group) {
    return setOf(this.#grants, group);
  }

  /** The group itself and all that it lies in, near or far. */
  ancestors(group) {
    const found = new Set([group]);
    for (const next of found) for (const parent of setOf(this.#parents, next)) found.add(parent);
    return found;
  }
}

function setOf(map, key) {
  let set = map.get(key);
  if (set === undefined) {
    set = new Set();
    map.set(key, set);
  }
  return set;
}
