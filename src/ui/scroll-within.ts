/** Brings `child` into the part of `box` that is seen. Only the box scrolls: scrollIntoView would move the page around us, too. */
export function scrollWithin(box: Element, child: Element): void {
  const [outer, inner] = [box.getBoundingClientRect(), child.getBoundingClientRect()];
  box.scrollTop += nearest(outer.top, outer.top + box.clientHeight, inner.top, inner.bottom);
  box.scrollLeft += nearest(outer.left, outer.left + box.clientWidth, inner.left, inner.right);
}

/** How far to go so that the stretch from `a` to `b` lies between `from` and `to`; its beginning counts if it is the longer. */
function nearest(from: number, to: number, a: number, b: number): number {
  if (a < from || b - a > to - from) return a - from;
  return b > to ? b - to : 0;
}
