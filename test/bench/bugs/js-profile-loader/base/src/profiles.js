import { Loader } from './loader.js';

/** Profiles of a remote directory. Writing one makes the next read fetch it again. */
export class Profiles {
  #directory;
  #loader;

  /** @param {{ read(id: string): Promise<object>, write(id: string, profile: object): Promise<void> }} directory */
  constructor(directory, options) {
    this.#directory = directory;
    this.#loader = new Loader((id) => directory.read(id), options);
  }

  read(id) {
    return this.#loader.get(id);
  }

  async rename(id, name) {
    const profile = await this.#loader.get(id);
    await this.#directory.write(id, { ...profile, name });
    this.#loader.invalidate(id);
  }

  get counts() {
    return this.#loader.counts;
  }
}
