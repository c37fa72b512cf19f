export function fullNames(people) {
  return people.map((person) => {
    const first = person.first.trim();
    const last = person.last.trim();
    return `${first} ${last}`;
  });
}
