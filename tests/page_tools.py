"""What the tests of pages in a browser share."""

import re

import numpy as np

from parkmap.webmap import shapes

SIZES = {"laptop": (1280, 720), "desk": (1920, 1080), "phone": (390, 844)}


def drawn(page, layer):
    return page.evaluate(f"Parkmap.layers.{layer}.getLayers().length")


def text(page, selector):
    return page.inner_text(selector)


def numbers(letters):
    """Read the numbers of a ring, one after the other."""
    value, place = 0, 0
    for letter in letters:
        digit = shapes.LETTERS.index(letter)
        value += (digit % 32) << place
        place += 5
        if digit < 32:
            yield -(value + 1) // 2 if value % 2 else value // 2
            value, place = 0, 0


def rings_of(text):
    """Read a page's text back into polygons, each a list of rings of millionths of a degree."""
    polygons = []
    for sign, letters in re.findall("([;,])([^;,]*)", text):
        read = list(numbers(letters))
        steps = np.array(read, dtype=np.int64).reshape(-1, 2)
        if sign == ";":
            polygons.append([])
        polygons[-1].append(np.cumsum(steps, axis=0))
    return polygons


CONTRAST = """() => {
  const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = numbers(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  document.querySelectorAll("#pm-head *, #pm-panel *, #pm-foot *, .pm-control *").forEach((element) => {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility() || element.disabled) return;
    const [a, b] = [numbers(getComputedStyle(element).color), ground(element)].map(luminance);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(element.className + " " + element.textContent.slice(0, 20) + " " + ratio.toFixed(2));
  });
  return poor;
}"""
