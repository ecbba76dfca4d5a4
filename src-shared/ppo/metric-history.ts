// A run's metrics as the doctor looks at them: each as a list that grows, its beginning and its newest stretch.

export interface Reading {
  readonly step: number
  readonly value: number
}

const none: readonly Reading[] = []

export class MetricHistory {
  private readonly readings = new Map<string, Reading[]>()

  /** Values that are no numbers say nothing. @param step not before any other of the same metrics */
  add(step: number, values: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(values)) {
      if (!Number.isFinite(value)) continue
      const before = this.readings.get(name)
      if (before) before.push({ step, value })
      else this.readings.set(name, [{ step, value }])
    }
  }

  all(name: string): readonly Reading[] {
    return this.readings.get(name) ?? none
  }

  first(name: string): Reading | undefined {
    return this.all(name)[0]
  }

  last(name: string): Reading | undefined {
    return this.all(name).at(-1)
  }

  /** Mean of the first `count` values; null until there are more than these. */
  start(name: string, count = 3): number | null {
    const all = this.all(name)
    return all.length > count ? mean(all.slice(0, count)) : null
  }

  /** Mean of the newest `count` values; null until there are so many. */
  newest(name: string, count = 3): number | null {
    const all = this.all(name)
    return all.length >= count ? mean(all.slice(-count)) : null
  }
}

const mean = (readings: readonly Reading[]): number =>
  readings.reduce((sum, { value }) => sum + value, 0) / readings.length
