// A binary heap of numbers under any order.

export class Heap {
  private readonly items: number[] = []
  private readonly before: (a: number, b: number) => boolean

  /** @param before whether a leaves before b: a strict order */
  constructor(before: (a: number, b: number) => boolean) {
    this.before = before
  }

  get size(): number {
    return this.items.length
  }

  push(item: number): void {
    const { items, before } = this
    let at = items.length
    items.push(item)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(item, items[parent]!)) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = item
  }

  /** Removes the first; undefined when empty. */
  pop(): number | undefined {
    const { items, before } = this
    const first = items[0]
    const last = items.pop()
    if (items.length === 0 || last === undefined) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= items.length) break
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child++
      if (!before(items[child]!, last)) break
      items[at] = items[child]!
      at = child
    }
    items[at] = last
    return first
  }
}
