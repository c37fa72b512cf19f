/** Decides what Maven and Gradle need: fetched artefacts read-only, offline by settings of ours, no daemon. */
import { join } from 'node:path';
import type { Toolchain } from './toolchain.ts';

export const java: Toolchain = ({ home, env, cacheFolder }) => {
  const gradle = join(cacheFolder, 'gradle');
  return {
    readOnly: [
      ...(env['JAVA_HOME'] ? [env['JAVA_HOME']] : []),
      ...(env['M2_HOME'] ? [env['M2_HOME']] : []),
      join(home, '.m2/repository'),
      join(home, '.m2/wrapper'),
      join(home, '.gradle/wrapper'),
      join(home, '.gradle/caches'),
    ],
    writable: [gradle],
    // Maven before 3.9 knows no MAVEN_ARGS; settings work for all. The user's own settings.xml holds passwords.
    homeFiles: { '.m2/settings.xml': '<settings><offline>true</offline><interactiveMode>false</interactiveMode></settings>\n' },
    env: {
      ...(env['JAVA_HOME'] ? { JAVA_HOME: env['JAVA_HOME'] } : {}),
      GRADLE_USER_HOME: gradle,
      GRADLE_RO_DEP_CACHE: join(home, '.gradle/caches'),
      GRADLE_OPTS: '-Dorg.gradle.daemon=false -Dorg.gradle.vfs.watch=false',
    },
  };
};
