export async function retry(action, attempts) {
  let problem;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      return await action(attempt);
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}
