function makeRectangle(width, height) {
  return { width, height, area: width * height };
}

export function fromImage(image) {
  const { width, height } = image;
  return makeRectangle(height, width);
}
